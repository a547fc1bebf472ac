"""The Python version that is asked for: a range in pyproject.toml, a pin in .python-version or runtime.txt."""

import re
from collections.abc import Iterator

from stackproof.detect import manifest, reading
from stackproof.model.facts import Ambiguity, Fact, PythonVersion, Unreadable
from stackproof.model.source import Line, SourceTree

_PIN = re.compile(r"^\s*(?:c?python-)?(\d+\.\d+(?:\.\d+)?)\s*(?:#.*)?$")
_CLAUSE = re.compile(r"(>=|<=|==|!=|~=|<|>|===)\s*(\d+(?:\.\d+)*)(\.\*)?$")
_LATEST = 999  # a pin without a patch number means the newest of them


def detect(tree: SourceTree) -> Iterator[Fact]:
    ranges = list(_ranges(tree))
    pins = [fact for name in (".python-version", "runtime.txt") for fact in _pin(tree, manifest.home(tree) + name)]
    yield from ranges
    yield from pins
    stated = [fact for fact in pins if isinstance(fact, PythonVersion)]
    for pin in stated[:1]:
        others = [item for item in (*ranges, *stated[1:]) if not _agree(item, pin.specifier)]
        if others:
            yield _ambiguity(pin, others)


def _ranges(tree: SourceTree) -> Iterator[PythonVersion]:
    path = manifest.pyproject(tree)
    for table, key in (("project", "requires-python"), ("tool.poetry.dependencies", "python")):
        stated = manifest.table(tree, path, table).get(key)
        if isinstance(stated, str):
            text = stated if table == "project" else _standard(stated)
            yield PythonVersion(text, False, manifest.place(tree, path, table, key))


def _standard(poetry: str) -> str:
    """Poetry's `^3.11` and `~3.11` in the standard form (PEP 440)."""
    return ",".join(_clause(part) for part in re.split(r"\s*,\s*|\s+(?=[<>=!~^])", poetry.strip()))


def _clause(text: str) -> str:
    sign, version = text[:1], text[1:].strip()
    parts = [int(part) for part in version.split(".") if part.isdigit()]
    if sign == "^" and parts:
        return f">={version},<{parts[0] + 1}.0"
    if sign == "~" and version[:1] != "=" and len(parts) > 1:
        return f">={version},<{parts[0]}.{parts[1] + 1}"
    return text if not text[:1].isdigit() else f"=={text.removesuffix('.*')}.*"


def _pin(tree: SourceTree, path: str) -> Iterator[Fact]:
    """The first line that says something; other tools may read more lines, a server runs one version."""
    line = next((line for line in reading.lines(tree, path) if _says(line)), None)
    if line is None:
        return
    if found := _PIN.match(line.text):
        yield PythonVersion(found[1], True, line.place)
    else:
        yield Unreadable(f"not a Python version: {line.text.strip()[:40]!r}", line.place)


def _says(line: Line) -> bool:
    return bool(line.text.strip()) and not line.text.lstrip().startswith("#")


def _agree(item: PythonVersion, pin: str) -> bool:
    if item.pinned:
        return _numbers(item.specifier)[:2] == _numbers(pin)[:2]
    return all(_allows(clause.strip(), pin) for clause in item.specifier.split(","))


def _allows(clause: str, pin: str) -> bool:
    """A clause in an unknown form allows everything: no false alarm."""
    found = _CLAUSE.match(clause)
    if not found:
        return True
    sign, limit = found[1], _numbers(found[2])
    version = (*_numbers(pin), _LATEST)[:3]
    same = version[: len(limit)] == limit
    if sign == "~=":
        return version >= limit and version[: len(limit) - 1] == limit[:-1]
    return {
        ">=": version >= limit, "<=": version <= limit or same, "==": same, "===": same, "!=": not same,
        "<": version < limit, ">": version > limit and not same,
    }[sign]  # fmt: skip


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def _ambiguity(pin: PythonVersion, others: list[PythonVersion]) -> Ambiguity:
    stated = ", ".join(f"{item.specifier} in {item.seen}" for item in others)
    return Ambiguity(
        about="Python version",
        chosen=pin.specifier,
        candidates=(pin.specifier, *(item.specifier for item in others)),
        because=f"the pin contradicts {stated}",
        setting=f'python = "{pin.specifier}"',
        seen=pin.seen,
    )

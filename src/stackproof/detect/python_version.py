"""The Python version that is asked for: ranges in manifests and locks, pins in files of version managers."""

import re
from collections.abc import Iterator

from stackproof.detect import manifest, pipfile, reading, setup_files, specifiers
from stackproof.model.facts import Ambiguity, Fact, PythonVersion, Unreadable
from stackproof.model.source import Line, SourceTree

_PIN = re.compile(r"^\s*(?:c?python-)?(\d+\.\d+(?:\.\d+)?)\s*(?:#.*)?$")
_CLAUSE = re.compile(r"(>=|<=|==|!=|~=|<|>|===)\s*(\d+(?:\.\d+)*)(\.\*)?$")
_CLASSIFIED = re.compile(r"Programming Language :: Python :: (3\.\d+)$")
_TOOL = re.compile(r"^\s*python\s+(?:python-)?(\d+\.\d+(?:\.\d+)?)\b")  # a line of .tool-versions
_LINE = re.compile(r"==\d+\.\d+")
_LOCKED = re.compile(r'^(?:requires-python|python-versions|requires_python) = "([^"]+)"$')
_HEADS = ("", "[metadata]", "[[metadata.targets]]")  # of uv.lock, poetry.lock, pdm.lock
_LATEST = 999  # a pin without a patch number means the newest of them


def detect(tree: SourceTree) -> Iterator[Fact]:
    ranges = list(_ranges(tree))
    pins = [fact for name in (".python-version", "runtime.txt") for fact in _pin(tree, manifest.home(tree) + name)]
    pins += _managed(tree)
    yield from ranges
    yield from pins
    stated = [fact for fact in pins if isinstance(fact, PythonVersion)]
    for pin in stated[:1]:
        others = [item for item in (*ranges, *stated[1:]) if not _agree(item, pin.specifier)]
        if others:
            yield _ambiguity(pin, others)


def _ranges(tree: SourceTree) -> Iterator[PythonVersion]:
    """What manifests say; classifiers where no manifest says it; what a lock adds to it."""
    found = list(_stated(tree)) or list(_classified(tree))
    yield from found
    said = {item.specifier for item in found}
    for locked in _locked(tree):
        if locked.specifier not in said:
            yield locked


def _stated(tree: SourceTree) -> Iterator[PythonVersion]:
    path = manifest.pyproject(tree)
    for table, key in (("project", "requires-python"), ("tool.poetry.dependencies", "python")):
        stated = manifest.table(tree, path, table).get(key)
        if isinstance(stated, str):
            text = stated if table == "project" else _range(stated)
            yield PythonVersion(text, False, manifest.place(tree, path, table, key))
    for found in setup_files.stated(tree, "python_requires", "options"):
        yield PythonVersion(found.text, False, found.seen)


def _range(poetry: str) -> str:
    """One that names a line of Python alone means all its patch releases."""
    text = specifiers.standard(poetry)
    return f"{text}.*" if _LINE.fullmatch(text) else text


def _classified(tree: SourceTree) -> Iterator[PythonVersion]:
    """Classifiers name the lines that the project was tried with: the lowest is what it needs."""
    path = manifest.pyproject(tree)
    stated = manifest.strings(manifest.table(tree, path, "project").get("classifiers"))
    stated += manifest.strings(manifest.table(tree, path, "tool.poetry").get("classifiers"))
    named = {found[1]: text for text in stated if (found := _CLASSIFIED.search(text))}
    for version in sorted(named, key=_numbers)[:1]:
        table = "project" if manifest.table(tree, path, "project").get("classifiers") else "tool.poetry"
        yield PythonVersion(f">={version}", False, manifest.place(tree, path, table, "classifiers", named[version]))


def _locked(tree: SourceTree) -> Iterator[PythonVersion]:
    """For which Pythons a lock's choice holds; each package of it says something of the kind, too."""
    for name in ("uv.lock", "poetry.lock", "pdm.lock"):
        table = ""
        for line in reading.lines(tree, manifest.home(tree) + name):
            if line.text.startswith("["):
                table = line.text
            elif table in _HEADS and (found := _LOCKED.match(line.text)):
                yield PythonVersion(_range(found[1]), False, line.place)


def _managed(tree: SourceTree) -> Iterator[PythonVersion]:
    """Pins for asdf and mise, and what a Pipfile requires."""
    home = manifest.home(tree)
    for line in reading.lines(tree, f"{home}.tool-versions"):
        if found := _TOOL.match(line.text):
            yield PythonVersion(found[1], True, line.place)
    for name in ("mise.toml", ".mise.toml"):
        stated = manifest.table(tree, home + name, "tools").get("python")
        first = stated[0] if isinstance(stated, list) and stated else stated
        if isinstance(first, str) and (found := _PIN.match(first)):
            yield PythonVersion(found[1], True, manifest.place(tree, home + name, "tools", "python"))
    for text, seen in pipfile.python(tree):
        if found := _PIN.match(text):
            yield PythonVersion(found[1], True, seen)


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

"""The Python that the image has: what the project says, its lock has wheels for, and its code can be read by."""

from collections.abc import Iterator

from stackproof.errors import UserError
from stackproof.model import support
from stackproof.model.facts import Ambiguity, Binary, PythonVersion, Syntax
from stackproof.model.source import Place
from stackproof.plan import knowledge, versions
from stackproof.plan.given import Given, at
from stackproof.plan.knowledge import PythonLine

_MOST = 4  # packages that a note names


def python(given: Given) -> PythonLine:
    """The line that is named. Else, of the supported ones that the project allows and its lock has wheels for, the
    oldest, where its lock surely works; the newest where nothing but the lock says anything."""
    wanted, seen = _pin(given)
    if wanted:
        return _line(wanted, seen)
    allowed = _allowed(given)
    supported = [line for line in allowed if not line.ended()] or allowed
    if not requires(given):
        supported = _free(given, supported)
    return next((line for line in supported if not _lacking(given, line)), supported[0])


def requires(given: Given) -> str:
    """What the manifest and the lock say about it together."""
    return ",".join(fact.specifier for fact in given.project.all(PythonVersion) if not fact.pinned and fact.specifier)


def notes(given: Given) -> Iterator[Ambiguity]:
    """Where the chosen Python gets no security fixes, lacks wheels, or cannot read the code."""
    line = python(given)
    if line.ended():
        seen = next((fact.seen for fact in given.project.all(PythonVersion)), Place("stackproof.toml"))
        yield _note(line, f"the project asks for it; its security fixes ended {line.ends}", knowledge.FREE_PYTHON, seen)
    if lacking := _lacking(given, line):
        names = ", ".join(fact.name for fact in lacking[:_MOST]) + (" and more" if len(lacking) > _MOST else "")
        because = f"the lock has no wheel of {names} for it: they are built from source, which may need a compiler"
        yield _note(line, because, " ".join(_best(given)) or "a version that they have wheels for", lacking[0].seen)
    for need in _unread(given, line):
        yield _note(line, f"it cannot read {need.construct}, which needs Python {need.python}", need.python, need.seen)


def _note(line: PythonLine, because: str, way: str, seen: Place) -> Ambiguity:
    return Ambiguity("Python version", line.version, (), because, f'python = "{way}"', seen)


def _best(given: Given) -> list[str]:
    fitting = [line.version for line in knowledge.PYTHONS if not line.ended() and not _lacking(given, line)]
    return fitting[:1]


def _free(given: Given, supported: list[PythonLine]) -> list[PythonLine]:
    """Nothing is said: the newest first where a lock tells for which there are wheels, else the usual one."""
    if any(fact.pythons for fact in given.project.all(Binary)):
        return supported[::-1]
    return sorted(supported, key=lambda line: line.version != knowledge.FREE_PYTHON)


def _allowed(given: Given) -> list[PythonLine]:
    """Raises UserError where there is none."""
    fitting = _fitting(requires(given))
    readable = [line for line in fitting if not _unread(given, line)]
    if fitting:
        return readable or fitting
    raise UserError(
        f"requires-python is {requires(given)!r}: no Python that we know fits ({_known()})",
        fix='Widen requires-python, or set python = "3.13" in stackproof.toml.',
    )


def _lacking(given: Given, line: PythonLine) -> list[Binary]:
    """Packages that have wheels, but none for this line. What has none at all is built anywhere."""
    return [fact for fact in given.project.all(Binary) if fact.pythons and not _has(fact, line)]


def _has(fact: Binary, line: PythonLine) -> bool:
    minor = _minor(line.version)
    return any(
        minor >= _minor(each.removesuffix("+")) if each.endswith("+") else each == line.version for each in fact.pythons
    )


def _unread(given: Given, line: PythonLine) -> list[Syntax]:
    return [fact for fact in given.project.all(Syntax) if _minor(fact.python) > _minor(line.version)]


def _minor(version: str) -> int:
    return int(version.split(".")[1])


def _pin(given: Given) -> tuple[str | None, Place | None]:
    if given.settings.python:
        return given.settings.python, given.settings.place("python")
    for fact in given.project.all(PythonVersion):
        if fact.pinned:
            return fact.specifier, fact.seen
    return None, None


def _line(wanted: str, seen: Place | None) -> PythonLine:
    short = ".".join(wanted.removeprefix("python-").lstrip("=~^v ").split(".")[:2])
    for line in knowledge.PYTHONS:
        if line.version == short:
            return line
    ends = support.ends("python", short)
    because = f": its security fixes ended {ends:%Y-%m}, and no image of it is offered" if ends else ""
    raise UserError(f"{at(seen)}Python {wanted!r} is none that we know{because}", fix=f"Name one of these: {_known()}.")


def _fitting(specifier: str) -> list[PythonLine]:
    try:
        return [line for line in knowledge.PYTHONS if versions.allows(specifier, f"{line.version}.99")]
    except ValueError as problem:
        raise UserError(f"requires-python cannot be understood: {problem}", fix='Write it like ">=3.11".') from problem


def _known() -> str:
    return ", ".join(line.version for line in knowledge.PYTHONS)

"""What the image is made from: Python, its base, the install, and the files that go in."""

import re

from stackproof.errors import UserError
from stackproof.model.facts import Ambiguity, ImportRoot, Installer, Locked, Migration, PythonVersion, Requirement
from stackproof.model.source import Place
from stackproof.model.stack import Build, Install
from stackproof.plan import knowledge, versions
from stackproof.plan.given import Given, at

_NAMEABLE = re.compile(r"[\w.@+=~][\w.@+=~-]*(/[\w.@+=~-]+)*/?")


def build(given: Given, extra: tuple[str, ...]) -> Build:
    """Raises UserError where nothing says what to install, or no Python line fits."""
    line = python(given)
    install = _install(given, extra)
    _refuse_names((*copy(given), *import_roots(given), *install.inputs, *given.settings.prepared))
    return Build(
        python=line.version,
        requires_python=_requires(given),
        base=line.base,
        uv=knowledge.UV,
        install=install,
        copy=copy(given),
        import_roots=import_roots(given),
        target="dev" if given.dev else "runtime",
        prepare=given.settings.prepare,
        prepared=_prepared(given),
    )


def python(given: Given) -> knowledge.PythonLine:
    """The line that is named; else the oldest supported one that the project allows, where its lock surely works."""
    wanted, seen = _pin(given)
    if wanted:
        return _line(wanted, seen)
    fitting = _fitting(_requires(given))
    supported = [line for line in fitting if not line.ended()]
    if _requires(given) and fitting:
        return (supported or fitting)[0]
    if not _requires(given):
        return _line(knowledge.FREE_PYTHON, None)
    raise UserError(
        f"requires-python is {_requires(given)!r}: no Python that we know fits ({_known()})",
        fix='Widen requires-python, or set python = "3.13" in stackproof.toml.',
    )


def python_note(given: Given) -> Ambiguity | None:
    """Said where the Python that was chosen gets no security fixes any more."""
    line = python(given)
    if not line.ended():
        return None
    seen = next((fact.seen for fact in given.project.all(PythonVersion)), Place("stackproof.toml"))
    because = f"the project asks for it; its security fixes ended {line.ends}"
    return Ambiguity("Python version", line.version, (), because, 'python = "3.13"', seen)


def installer(given: Given) -> Installer:
    found = given.project.all(Installer)
    said = given.settings.installer
    if said is None:
        return found[0]
    for candidate in found:
        if candidate.tool == said:
            return candidate
    raise UserError(
        f"{given.settings.place('installer')}: installer is {said!r}, but the project has no file of it",
        fix=f"Found: {', '.join(fact.tool for fact in found)}.",
    )


def import_roots(given: Given) -> tuple[str, ...]:
    return tuple(root.path for root in given.project.all(ImportRoot)) or ("",)


def _install(given: Given, extra: tuple[str, ...]) -> Install:
    chosen = installer(given)
    return Install(
        tool=chosen.tool,
        manifest=chosen.manifest,
        lock=chosen.lock,
        tool_version=(chosen.made_by or knowledge.POETRY) if chosen.tool == "poetry" else None,
        left_out_groups=() if given.dev else chosen.groups,
        extra=extra,
        inputs=_inputs(given, chosen),
    )


def _inputs(given: Given, chosen: Installer) -> tuple[str, ...]:
    """Every file that the install reads: manifest, lock, and for pip the files that they include."""
    files = dict.fromkeys(path for path in (chosen.manifest, chosen.lock) if path)
    if chosen.tool == "pip":
        asked = [fact.seen.path for fact in given.project.all(Requirement) if given.dev or not fact.group]
        pinned = [fact.seen.path for fact in given.project.all(Locked)]
        files |= dict.fromkeys(path for path in asked + pinned if path.endswith((".txt", ".in")))
    return tuple(files)


def copy(given: Given) -> tuple[str, ...]:
    """Top-level files and folders of the application, and what the settings add."""
    roots = given.project.all(ImportRoot)
    paths = [path for root in roots for path in (root.entries or ((root.path,) if root.path else ()))]
    paths += [path for fact in given.project.all(Migration) for path in fact.inputs]
    return _outermost({*paths, *given.settings.include})


def mounted(given: Given) -> tuple[str, ...]:
    """What of it lies under the source of the host in dev: all but what holds something that the build makes."""
    return tuple(path for path in copy(given) if not any(_within(made, path) for made in given.settings.prepared))


def _prepared(given: Given) -> tuple[str, ...]:
    """Raises UserError for one among the modules: in dev the source of the host would hide it."""
    code = {path for root in given.project.all(ImportRoot) for path in (*root.entries, root.path) if path}
    for made in given.settings.prepared:
        if hidden := next((path for path in sorted(code) if _within(made, path)), None):
            raise UserError(
                f"{at(given.settings.place('prepared'))}prepared holds {made!r}, among the code in {hidden!r}",
                fix="Let the command write into a folder of its own, and the code read it from there.",
            )
    return given.settings.prepared


def _outermost(paths: set[str]) -> tuple[str, ...]:
    return tuple(sorted(path for path in paths if not any(_within(path, other) for other in paths - {path})))


def _within(path: str, folder: str) -> bool:
    return path.rstrip("/") == folder.rstrip("/") or path.startswith(f"{folder.rstrip('/')}/")


def _refuse_names(paths: tuple[str, ...]) -> None:
    """Raises UserError for a path that means something else, or nothing, in a line of a Dockerfile."""
    for path in paths:
        if path and not _NAMEABLE.fullmatch(path):
            raise UserError(
                f"{path!r} goes into the image, and a Dockerfile cannot name it",
                fix="Rename it: letters, digits and . _ - + @ = ~ are safe.",
            )


def _pin(given: Given) -> tuple[str | None, Place | None]:
    if given.settings.python:
        return given.settings.python, given.settings.place("python")
    for fact in given.project.all(PythonVersion):
        if fact.pinned:
            return fact.specifier, fact.seen
    return None, None


def _line(wanted: str, seen: Place | None) -> knowledge.PythonLine:
    short = ".".join(wanted.removeprefix("python-").lstrip("=~^v ").split(".")[:2])
    for line in knowledge.PYTHONS:
        if line.version == short:
            return line
    raise UserError(
        f"{at(seen)}Python {wanted!r} is none that we know",
        fix=f"Name one of these: {_known()}.",
    )


def _fitting(specifier: str) -> list[knowledge.PythonLine]:
    try:
        return [line for line in knowledge.PYTHONS if versions.allows(specifier, f"{line.version}.99")]
    except ValueError as problem:
        raise UserError(f"requires-python cannot be understood: {problem}", fix='Write it like ">=3.11".') from problem


def _requires(given: Given) -> str:
    return next((fact.specifier for fact in given.project.all(PythonVersion) if not fact.pinned), "")


def _known() -> str:
    return ", ".join(line.version for line in knowledge.PYTHONS)

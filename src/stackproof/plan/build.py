"""What the image is made from: Python, its base, the install, and the files that go in."""

import re

from stackproof.errors import UserError
from stackproof.model.facts import ImportRoot, Migration, OwnMetadata
from stackproof.model.stack import Build
from stackproof.plan import install, interpreter, knowledge, system
from stackproof.plan.given import Given, at

_NAMEABLE = re.compile(r"[\w.@+=~][\w.@+=~-]*(/[\w.@+=~-]+)*/?")


def build(given: Given, extra: tuple[str, ...]) -> Build:
    """Raises UserError where nothing says what to install, or no Python line fits."""
    line = interpreter.python(given)
    made = install.install(given, extra)
    _refuse_names((*copy(given), *import_roots(given), *made.inputs, *given.settings.prepared))
    return Build(
        python=line.version,
        requires_python=interpreter.requires(given),
        base=line.base,
        uv=knowledge.UV,
        install=made,
        copy=copy(given),
        import_roots=import_roots(given),
        target="dev" if given.dev else "runtime",
        prepare=given.settings.prepare,
        prepared=_prepared(given),
        metadata=_metadata(given),
        packages=system.packages(given),
        build_packages=system.build_packages(given),
    )


def _metadata(given: Given) -> tuple[str, str] | None:
    """The project is found on the import path, not installed: what it says of itself must be laid there."""
    asked = given.project.first(OwnMetadata)
    return (asked.name, asked.version) if asked and asked.version else None


def import_roots(given: Given) -> tuple[str, ...]:
    return tuple(root.path for root in given.project.all(ImportRoot)) or ("",)


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

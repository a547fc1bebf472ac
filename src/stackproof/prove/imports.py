"""The application's modules: which they are, where their source is, and a script that imports them."""

import re
from collections.abc import Iterator, Mapping

from stackproof.model.facts import CeleryApp, Variable, WebApp
from stackproof.model.proof import Json
from stackproof.model.running import Bench
from stackproof.model.stack import Assignment
from stackproof.prove import inside

_TARGET = re.compile(r"([A-Za-z_][\w.]*):[A-Za-z_]\w*(\(\))?")
_REFERENCE = re.compile(r"@\{([a-z0-9_.-]+)\}")
_STAND_INS = {"int": "1", "float": "1", "bool": "true"}
_SECRET = "stand-in-" * 8  # longer than any code asks a key to be


def modules(bench: Bench) -> tuple[str, ...]:
    """What the services of the stack load: the web application's module and the Celery application's."""
    named = [found[1] for word in _commands(bench) if (found := _TARGET.fullmatch(word))]
    if not named:
        named = [app.target.partition(":")[0] for app in bench.project.all(WebApp)[:1]]
    celery = [bench.stack.celery.module] if bench.stack.celery else []
    if not celery:
        celery = [app.module for app in bench.project.all(CeleryApp)[:1]]
    return tuple(dict.fromkeys([*named, *celery]))


def source_of(bench: Bench) -> str | None:
    """Path of the first such module's file; else of any Python file that goes into the image."""
    for module in modules(bench):
        if found := file_of(bench, module):
            return found
    return next((path for path in bench.tree.python() if path.split("/")[0] in bench.stack.build.copy), None)


def file_of(bench: Bench, module: str) -> str | None:
    """Path of the module's file."""
    for root in bench.stack.build.import_roots:
        path = f"{root}/{module.replace('.', '/')}".lstrip("/")
        for candidate in (f"{path}.py", f"{path}/__init__.py"):
            if candidate in bench.tree.files:
                return candidate
    return None


def script(bench: Bench) -> str:
    """Imports them; what the code requires from its environment is set to something that can be parsed."""
    names: list[Json] = list(modules(bench))
    return inside.script("importing", names, dict(environment(bench)))


def environment(bench: Bench) -> Mapping[str, str]:
    kinds = {variable.name: variable.kind for variable in bench.project.all(Variable)}
    return dict(_assigned(bench, kinds))


def _commands(bench: Bench) -> Iterator[str]:
    for service in bench.stack.services:
        if service.built and service.role == "web":
            yield from service.command


def _assigned(bench: Bench, kinds: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for service in bench.stack.services:
        for assignment in service.environment if service.python else ():
            name = assignment.name
            if name.endswith("_FILE") and (assignment.value or "").startswith("@{secret."):
                yield name.removesuffix("_FILE"), _SECRET  # there is no file to read here
            elif (value := _value(assignment, kinds.get(name, "str"))) is not None:
                yield name, value


def _value(assignment: Assignment, kind: str) -> str | None:
    if assignment.name == "PYTHONPATH":
        return None  # the place that we import from says where that is
    if assignment.value is not None:
        return _REFERENCE.sub(lambda found: _stand_in(found[1]), assignment.value)
    return _STAND_INS.get(kind, "stand-in") if assignment.required else None


def _stand_in(reference: str) -> str:
    if reference.endswith((".host", ".bind")):
        return "127.0.0.1"
    if reference.startswith("reveal."):
        return _SECRET
    if reference.startswith("secret."):
        return "/dev/null"  # a file that can be read
    # For the rest it only has to be a port, or a path.
    return "@" if reference == "at" else "9" if reference.endswith(".port") else "/tmp"  # noqa: S108

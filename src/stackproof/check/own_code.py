"""Services that run the project's own Python code, and what that code says of them."""

from collections.abc import Iterator
from functools import lru_cache
from posixpath import dirname

from stackproof.check.servers import Server, flat, server
from stackproof.check.services import Service, services
from stackproof.model.composition import Composition
from stackproof.model.facts import Locked, Requirement, Variable
from stackproof.model.findings import Inspected
from stackproof.model.source import Place, SourceTree


def serving(inspected: Inspected) -> Iterator[tuple[Service, Server]]:
    """Services whose command starts a server or a worker that is known."""
    for service in services(inspected):
        if found := server(service.words, service.environment):
            yield service, found


def is_python(service: Service) -> bool:
    """It is built from the project, and starts Python code."""
    if not service.image:
        return False
    if server(service.words, service.environment):
        return True
    return any(word.rpartition("/")[2].startswith("python") for word in flat(service.words)[:1])


def celery_workers(composition: Composition, inspected: Inspected) -> tuple[tuple[Service, Server], ...]:
    return tuple(
        (service, found)
        for service, found in serving(inspected)
        if service.composition is composition and found.program == "celery" and "worker" in found.options
    )


@lru_cache(maxsize=256)
def variables(inspected: Inspected, context: str) -> tuple[Variable, ...]:
    """That the code below a build's context reads; tests set their own."""
    prefix = f"{context}/" if context else ""
    found = (each for each in inspected.project.all(Variable) if each.seen.path.startswith(prefix))
    return tuple(each for each in found if not _is_test(each.seen))


def has_module(tree: SourceTree, context: str, module: str) -> bool:
    """Somewhere below the context: import roots are many."""
    path = module.replace(".", "/")
    prefix = f"{context}/" if context else ""
    endings = (f"/{path}.py", f"/{path}/__init__.py")
    return any(f"/{each}".endswith(endings) for each in tree.python() if each.startswith(prefix))


def is_installed(inspected: Inspected, module: str) -> bool:
    """The module's first part is the name of a dependency."""
    name = module.partition(".")[0].replace("_", "-").lower()
    project = inspected.project
    return name in {each.name for each in project.all(Requirement)} | {each.name for each in project.all(Locked)}


def _is_test(place: Place) -> bool:
    return "test" in place.path.rpartition("/")[2] or any(
        part in ("tests", "test") for part in dirname(place.path).split("/")
    )

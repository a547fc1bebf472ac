"""SR314: all processes together may open more connections than PostgreSQL gives out."""

from collections.abc import Iterator

from stackproof.check.own_code import is_python
from stackproof.check.reading import text, texts, whole
from stackproof.check.servers import option, server
from stackproof.check.services import Service, of
from stackproof.model.base_images import reference
from stackproof.model.facts import ConnectionPool
from stackproof.model.findings import Inspected, Rule, Sighting

_USUAL = 100  # PostgreSQL's own max_connections
_KEPT = 3  # of which its superuser_reserved_connections keeps some back


def _check(inspected: Inspected) -> Iterator[Sighting]:
    pool = inspected.project.first(ConnectionPool)
    for composition in inspected.compositions if pool else ():
        known = of(composition, inspected)
        stores = [each for each in known.values() if reference(text(each.spec.get("image"))).name == "postgres"]
        users = [each for each in known.values() if is_python(each)]
        if pool and len(stores) == 1:
            wanted = sum(_most(each, pool) for each in users)
            if wanted > (given := _given(stores[0]) - _KEPT):
                yield Sighting(
                    stores[0].at("command"),
                    f"{', '.join(each.name for each in users)} may open {wanted} connections ({pool.seen}),"
                    f" and {stores[0].name} gives out {given}",
                )


def _most(service: Service, pool: ConnectionPool) -> int:
    """Each process has a pool of its own."""
    size = whole(service.environment.get(pool.size_variable or "")) or pool.size
    overflow = whole(service.environment.get(pool.overflow_variable or ""))
    processes = 1
    if found := server(service.words, service.environment):
        said = option(found.options, ("--concurrency", "-c")) if found.program == "celery" else None
        processes = whole(said) or (found.workers or 1)
    return (size + (pool.overflow if overflow is None else overflow)) * processes * service.replicas


def _given(store: Service) -> int:
    for word in texts(store.spec.get("command")):
        name, _, value = word.removeprefix("-c").strip().partition("=")
        if name == "max_connections" and whole(value) is not None:
            return int(value)
    return _USUAL


RULE = Rule(
    "SR314-pools-too-large",
    says="The pools of all processes fit into what PostgreSQL gives out.",
    fix="Make the pools smaller, run fewer processes, or raise max_connections.",
    severity="error",
    profile="recommended",
    check=_check,
)

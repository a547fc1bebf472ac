"""The project's own services, and the stores that they talk to."""

from collections.abc import Iterator

from stackproof.model.facts import CeleryApp, Flower, Migration
from stackproof.model.stack import Database, Mount, Secret, Service, Stack, Volume
from stackproof.plan import (
    addresses,
    beat,
    build,
    celery,
    database,
    extra,
    monitor,
    names,
    notes,
    process,
    redis,
    refuse,
    secret_variables,
    stores,
    variables,
    web,
    worker,
)  # fmt: skip
from stackproof.plan.code import Code
from stackproof.plan.given import APP, Given
from stackproof.plan.storage import Storage, storage
from stackproof.plan.stores import Store


def stack(given: Given) -> Stack:
    """Without networks, and without what stands around it."""
    names.commands(given)
    names.secrets(given)
    kept, found = storage(given), stores.stores(given)
    names.stores(given, found)
    webs, celery_app = web.applications(given), celery.application(given)
    told = tuple(addresses.addresses(given, found))
    secret = secret_variables.found(given, addresses.covered(given, told))
    code = _code(given, kept, found, (*told, *(held for each in secret for held in each.held)))
    services = tuple(_services(given, code, webs, celery_app))
    if not any(service.role in ("web", "worker", "process") for service in services):
        raise refuse.no_application(given)
    base = _database(given, found, services)
    added = extra.packages(given, tuple(each.app for each in webs), services)
    return Stack(
        project=given.name,
        environment=given.environment,
        services=(*_stores(given, found, base), *services),
        volumes=tuple(_volumes(given, kept, found, services)),
        networks=(),
        build=build.build(given, tuple(package.pinned for package in added)),
        bounds=given.settings.bounds,
        celery=celery.plan(given, celery_app) if celery_app else None,
        task=given.settings.task,
        sqlite=kept.databases,
        notes=tuple(notes.notes(given, webs, found, added)),
        secrets=_secrets(given, found, secret),
        database=base,
        metered=given.settings.metered,
        shared=given.settings.shared,
        pace=given.settings.pace,
        headers=given.settings.headers,
        advisories=given.settings.advisories,
    )


def _code(given: Given, kept: Storage, found: tuple[Store, ...], fixed: tuple[addresses.Held, ...]) -> Code:
    return Code(
        given,
        variables.variables(given, kept, fixed),
        (*kept.mounts, *_sources(given)),
        tuple(store.name for store in found),
        migrated=(process.MIGRATE,) if given.project.first(Migration) else (),
        database_file=bool(kept.databases),
    )


def _services(given: Given, code: Code, webs: tuple[web.Web, ...], celery_app: CeleryApp | None) -> Iterator[Service]:
    """In the order in which a reader wants them: jobs first, then what waits for them."""
    yield from process.jobs(given, code)
    for each in webs:
        yield web.web(given, code, each)
    if celery_app:
        yield from _celery(given, code, celery_app)
    yield from process.processes(given, code)


def _celery(given: Given, code: Code, app: CeleryApp) -> Iterator[Service]:
    if process.enabled(given, worker.NAME):
        yield worker.worker(given, code, app)
    if (entry := beat.entry(given)) and process.enabled(given, beat.NAME):
        yield beat.beat(given, code, app, entry)
    fact = given.project.first(Flower)
    if fact and given.installed("flower") and process.enabled(given, monitor.NAME):
        yield monitor.flower(given, code, app, fact)


def _database(given: Given, found: tuple[Store, ...], services: tuple[Service, ...]) -> Database | None:
    store = next((each for each in found if each.kind == "postgres"), None)
    return database.database(given, store, services) if store else None


def _stores(given: Given, found: tuple[Store, ...], base: Database | None) -> Iterator[Service]:
    yield from (redis.redis(given, store) for store in found if store.kind == "redis")
    for store in found:
        if base and store.kind == "postgres":
            yield database.server(given, store, base)
            if base.backup:
                yield database.backup(given, store)


def _sources(given: Given) -> tuple[Mount, ...]:
    """In dev the source of the host stands over the copy in the image, read-only."""
    if not given.dev:
        return ()
    return tuple(Mount(f"{APP}/{path}", source=path, read_only=True) for path in build.mounted(given))


def _volumes(given: Given, kept: Storage, found: tuple[Store, ...], services: tuple[Service, ...]) -> Iterator[Volume]:
    yield from kept.volumes
    for store in found:
        yield stores.volume(store)
        if store.kind == "postgres" and not given.dev:
            yield database.volume(store)
    entry = beat.entry(given)
    if entry and not entry.scheduler and any(service.role == "beat" for service in services):
        yield beat.volume(entry)


def _secrets(given: Given, found: tuple[Store, ...], more: tuple[secret_variables.Found, ...]) -> tuple[Secret, ...]:
    return (*(secret for store in found for secret in stores.secrets(given, store)), *(each.secret for each in more))

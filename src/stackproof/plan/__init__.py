"""Project and settings into the stack of one environment."""

from collections.abc import Callable
from dataclasses import replace

from stackproof.model.facts import Ambiguity, BeatEntry, Flower, Project, WebApp
from stackproof.model.settings import Settings
from stackproof.model.stack import EnvironmentName, Mount, Need, Service, Stack, Volume
from stackproof.plan import (
    beat,
    build,
    celery,
    extra,
    front,
    monitor,
    networks,
    notes,
    ports,
    refuse,
    stores,
    variables,
    web,
    worker,
)
from stackproof.plan.given import Given
from stackproof.plan.storage import Storage, storage

__all__ = ["PARTS", "Part", "plan"]

# Adds to a stack what stands around its services. Each sees what the ones before it added, and says for its services
# which networks they are on; the networks themselves are made at the end, from what is used.
Part = Callable[[Given, Stack], Stack]
PARTS: tuple[Part, ...] = (front.part,)


def plan(project: Project, settings: Settings, environment: EnvironmentName) -> Stack:
    """Raises UserError for a project that no stack can be made for, with the place and the way out."""
    given = Given(project, settings, environment)
    unread = refuse.unreadable(given)
    refuse.no_project(given)
    stack = _code(given, unread)
    for part in PARTS:
        stack = part(given, stack)
    refuse.circles(stack.services)
    ports.collisions(given, stack.services)
    return replace(stack, networks=networks.networks(stack.services))


def _code(given: Given, unread: tuple[Ambiguity, ...]) -> Stack:
    """The project's own services and the stores that they talk to."""
    kept = storage(given)
    app = web.application(given)
    services = _services(given, app, kept)
    celery_app = celery.application(given)
    added = extra.packages(given, app, celery_app)
    return Stack(
        project=given.name,
        environment=given.environment,
        services=services,
        volumes=_volumes(given, kept, services),
        networks=(),
        build=build.build(given, tuple(package.pinned for package in added)),
        bounds=given.settings.bounds,
        celery=celery.plan(given, celery_app) if celery_app else None,
        task=given.settings.task,
        sqlite=kept.databases,
        notes=(*given.project.all(Ambiguity), *unread, *notes.notes(given, app, added)),
        metered=given.settings.metered,
        headers=given.settings.headers,
    )


def _services(given: Given, app: WebApp | None, kept: Storage) -> tuple[Service, ...]:
    """Stores first, then what talks to them."""
    redis = stores.needed(given)
    needs = (Need("redis"),) if redis else ()
    environment = variables.variables(given, kept)
    mounts = (*kept.mounts, *_sources(given))
    services = [stores.redis(given, redis)] if redis else []
    if app:
        services.append(web.web(given, app, environment, mounts, needs))
    celery_app = celery.application(given)
    if celery_app:
        services += _celery_services(given, worker.Parts(celery_app, environment, mounts, needs))
    if not app and not celery_app:
        raise refuse.no_application(given)
    return tuple(services)


def _celery_services(given: Given, parts: worker.Parts) -> list[Service]:
    services = [worker.worker(given, parts)]
    if entry := given.project.first(BeatEntry):
        services.append(beat.beat(given, parts, entry))
    fact = given.project.first(Flower)
    if fact and given.installed("flower"):
        services.append(monitor.flower(given, parts, fact))
    return services


def _sources(given: Given) -> tuple[Mount, ...]:
    """In dev the source of the host stands over the copy in the image, read-only."""
    if not given.dev:
        return ()
    return tuple(Mount(f"/app/{path}", source=path, read_only=True) for path in build.copy(given))


def _volumes(given: Given, kept: Storage, services: tuple[Service, ...]) -> tuple[Volume, ...]:
    volumes = list(kept.volumes)
    if redis := stores.needed(given):
        volumes.append(stores.volume(redis))
    entry = given.project.first(BeatEntry)
    if entry and any(service.role == "beat" for service in services):
        volumes.append(beat.volume(entry))
    return tuple(volumes)

"""Project and settings into the stack of one environment."""

from stackproof.model.facts import Ambiguity, BeatEntry, Flower, Project, WebApp
from stackproof.model.settings import Settings
from stackproof.model.stack import EnvironmentName, Mount, Need, Network, Service, Stack, Volume
from stackproof.plan import beat, build, celery, extra, monitor, notes, ports, refuse, stores, variables, web, worker
from stackproof.plan.given import Given
from stackproof.plan.storage import Storage, storage

__all__ = ["plan"]


def plan(project: Project, settings: Settings, environment: EnvironmentName) -> Stack:
    """Raises UserError for a project that no stack can be made for, with the place and the way out."""
    given = Given(project, settings, environment)
    unread = refuse.unreadable(given)
    refuse.no_project(given)
    kept = storage(given)
    app = web.application(given)
    services = _services(given, app, kept)
    refuse.circles(services)
    ports.collisions(given, services)
    celery_app = celery.application(given)
    added = extra.packages(given, app, celery_app)
    return Stack(
        project=given.name,
        environment=environment,
        services=services,
        volumes=_volumes(given, kept, services),
        networks=_networks(services),
        build=build.build(given, tuple(package.pinned for package in added)),
        bounds=settings.bounds,
        celery=celery.plan(given, celery_app) if celery_app else None,
        task=settings.task,
        sqlite=kept.databases,
        notes=(*project.all(Ambiguity), *unread, *notes.notes(given, app, added)),
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


def _networks(services: tuple[Service, ...]) -> tuple[Network, ...]:
    """`back` leads nowhere; `front` is where published ports need to be; `out` is the way out of a worker."""
    used = {name for service in services for name in service.networks}
    return tuple(Network(name, internal=name == "back") for name in ("front", "back", "out") if name in used)

"""An exporter for each server that speaks no Prometheus: Redis (with the queues of Celery), PostgreSQL, nginx."""

from collections.abc import Iterator
from dataclasses import replace

from stackproof.model.stack import Assignment, Because, Need, Secret, Service
from stackproof.plan import celery, knowledge
from stackproof.plan.observe.watching import Found, Watching

METRICS = "/metrics"
_NOBODY = 59000  # a number that no image has a user for


def exporters(watching: Watching) -> Iterator[Found]:
    """Of the servers alone: the front end's files and the backup come from images of nginx and PostgreSQL, too."""
    kinds = {("redis", "store"): _redis, ("postgres", "store"): _postgres, ("nginx", "proxy"): _nginx}
    for service in watching.stack.services:
        if exporter := kinds.get((service.software, service.role)):
            yield exporter(watching, service), None


def secrets(watching: Watching) -> tuple[Secret, ...]:
    """The exporters of Redis read their passwords from a JSON file of their own."""
    return tuple(
        Secret(
            _name(service), "redis-exporter", Because(f"as the exporter of {service.name} reads it"),
            source=f"{service.name}-password",
        )
        for service in watching.stack.services
        if service.software == "redis"
    )  # fmt: skip


def _name(service: Service) -> str:
    return f"{service.name}-exporter"


def _redis(watching: Watching, store: Service) -> Service:
    name = _name(store)
    words = ("--include-system-metrics", "--redis.password-file", f"@{{secret.{name}}}", *_queues(watching, store))
    why = Because(f"{store.name} speaks no Prometheus")
    found = watching.service(name, "redis-exporter", knowledge.REDIS_EXPORTER_IMAGE, 9121, _NOBODY, words, why)
    address = f"redis://@{{{store.name}.host}}:@{{{store.name}.port}}"
    environment = (Assignment("REDIS_ADDR", address, settable=False, because=Because("what it looks at")),)
    return _exporter(replace(found, environment=environment, secrets=(name,)), store, "back")


def _queues(watching: Watching, store: Service) -> tuple[str, ...]:
    """Lengths of the lists that Celery keeps its queues in."""
    if watching.stack.celery is None or watching.stack.celery.broker != store.name:
        return ()
    keys = ",".join(f"db0={queue}" for queue in celery.queues(watching.given))
    return ("--check-single-keys", keys)


def _postgres(watching: Watching, store: Service) -> Service:
    database = watching.stack.database
    why = Because(f"{store.name} speaks no Prometheus")
    found = watching.service(
        _name(store), "postgres-exporter", knowledge.POSTGRES_EXPORTER_IMAGE, 9187, _NOBODY, (), why
    )
    if database is None:
        return found
    uri = f"@{{{store.name}.host}}:@{{{store.name}.port}}/{database.name}?sslmode=disable"
    said = (("DATA_SOURCE_URI", uri), ("DATA_SOURCE_USER", database.user),
            ("DATA_SOURCE_PASS_FILE", f"@{{secret.{database.password}}}"))  # fmt: skip
    environment = tuple(
        Assignment(name, value, settable=False, because=Because("what it looks at")) for name, value in said
    )
    return _exporter(replace(found, environment=environment, secrets=(database.password,)), store, "back")


def _nginx(watching: Watching, proxy: Service) -> Service:
    said = watching.stack.proxy
    why = Because("nginx's own counters, as Prometheus reads them")
    uri = f"http://@{{{proxy.name}.host}}:{said.inside}{said.status}" if said else ""
    found = watching.service(
        "nginx-exporter", "nginx-exporter", knowledge.NGINX_EXPORTER_IMAGE, 9113, _NOBODY,
        (f"--nginx.scrape-uri={uri}",), why,
    )  # fmt: skip
    return _exporter(found, proxy, "front")


def _exporter(service: Service, watched: Service, network: str) -> Service:
    """Compose takes no wait for a service whose profile nobody has asked for: dev's proxy."""
    return replace(
        service,
        metrics=METRICS,
        needs=() if watched.profiles else (Need(watched.name, "started"),),
        networks=(network, "observe"),
        profiles=service.profiles,
        tmpfs_mb=16,
    )

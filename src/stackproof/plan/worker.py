"""The Celery worker: consumes every queue, shows by a heartbeat file that it lives, hands tasks back when stopped."""

from dataclasses import dataclass

from stackproof.model.facts import Backend, CeleryApp
from stackproof.model.stack import Assignment, Because, Health, Limits, Mount, Need, Service
from stackproof.plan import celery, grace
from stackproof.plan.given import Given
from stackproof.plan.web import sources

HEARTBEAT = "@{tmp}/stackproof-heartbeat"
MAX_AGE = 10.0  # Celery's own heartbeat goes every 2 s; seconds without one until the worker counts as dead

# A project that depends on one of these talks to servers outside the stack: its worker may leave the stack's network.
CLIENTS = (
    "aiohttp", "anthropic", "boto3", "google-api-python-client", "google-cloud-storage", "httpx", "niquests", "openai",
    "requests", "sentry-sdk", "stripe", "twilio", "urllib3", "yt-dlp",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Parts:
    """What worker, beat and monitor share."""

    app: CeleryApp
    environment: tuple[Assignment, ...]
    mounts: tuple[Mount, ...]
    needs: tuple[Need, ...]


def worker(given: Given, parts: Parts) -> Service:
    said = given.settings.service("worker")
    soft, soft_seen = celery.soft_shutdown(given)
    queues = celery.queues(given)
    way_out = _outward(given)
    return Service(
        name="worker",
        role="worker",
        image=given.image,
        built=True,
        command=_reloading(given, _command(given, parts.app, queues)),
        environment=(*parts.environment, heartbeat(), *_remap(soft)),
        uid=given.uid,
        gid=given.uid,
        health=Health("heartbeat", HEARTBEAT, max_age=MAX_AGE, interval=5.0),
        needs=parts.needs,
        mounts=parts.mounts,
        limits=Limits(said.memory_mb or 512, said.cpus or 1.0, said.pids or 256),
        grace=grace.worker("worker", said.grace, soft, given.settings.place("services.worker.grace"), soft_seen),
        networks=("back", "out") if way_out else ("back",),
        queues=queues,
        because=(
            Because(f"Celery application {parts.app.module}:{parts.app.attribute}", parts.app.seen),
            Because(f"tasks have {soft:g} s after SIGTERM, then go back to their queue", soft_seen)
            if soft
            else Because(f"SIGTERM waits for running tasks, at most {grace.WARM:g} s"),
            way_out or Because("nothing says that tasks talk to the outside: no way out of the stack's network"),
        ),
    )


def heartbeat() -> Assignment:
    because = Because("the file that the health check looks at")
    return Assignment("STACKPROOF_HEARTBEAT", HEARTBEAT, settable=False, because=because)


def _command(given: Given, app: CeleryApp, queues: tuple[str, ...]) -> tuple[str, ...]:
    concurrency = given.settings.service("worker").concurrency or 2
    return (
        "celery", "-A", app.module, "worker", "--loglevel=info", "--queues", ",".join(queues),
        "--include", "stackproof_heartbeat", "--hostname", "worker@%h", "--concurrency", str(concurrency),
    )  # fmt: skip


def _reloading(given: Given, command: tuple[str, ...]) -> tuple[str, ...]:
    """In dev the worker starts again when a source file changes."""
    if not given.dev:
        return command
    options = ("--filter", "python", "--target-type", "command", "--sigint-timeout", "10")
    return ("watchfiles", *options, " ".join(command), *sources(given))


def _remap(soft: float) -> tuple[Assignment, ...]:
    if not soft:
        return ()  # QUIT without a soft phase would throw running tasks away
    because = Because("a container is stopped by TERM; Celery's soft shutdown is started by QUIT")
    return (Assignment("REMAP_SIGTERM", "SIGQUIT", settable=False, because=because),)


def _outward(given: Given) -> Because | None:
    said = given.settings.service("worker").outward
    if said is not None:
        return Because("settings", given.settings.place("services.worker.outward")) if said else None
    if seen := given.asks_for(CLIENTS):
        return Because("the project depends on a client of outside servers", seen)
    outside = (backend.seen for backend in given.project.all(Backend) if backend.kind == "postgresql")
    return next((Because("the PostgreSQL server is outside of the stack", seen) for seen in outside), None)

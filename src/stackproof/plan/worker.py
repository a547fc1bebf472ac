"""The Celery worker: consumes every queue, shows by a heartbeat file that it lives, hands tasks back when stopped."""

from dataclasses import replace

from stackproof.model.facts import CeleryApp
from stackproof.model.stack import Assignment, Because, Health, Limits, Service
from stackproof.plan import celery, grace, replicas
from stackproof.plan.code import Code, outward
from stackproof.plan.given import Given
from stackproof.plan.reloading import reloading

NAME = "worker"
HEARTBEAT = "@{tmp}/stackproof-heartbeat"
MAX_AGE = 10.0  # Celery's own heartbeat goes every 2 s; seconds without one until the worker counts as dead


def worker(given: Given, code: Code, app: CeleryApp) -> Service:
    said = given.settings.service(NAME)
    soft, soft_seen = celery.soft_shutdown(given)
    queues = celery.queues(given)
    command = reloading(given, _command(given, app, queues))
    shared = code.service(NAME, "worker", command, Limits(512, 1.0, 256))
    found = replace(
        shared,
        environment=(*shared.environment, heartbeat(), *_remap(soft)),
        health=Health("heartbeat", HEARTBEAT, max_age=MAX_AGE, interval=5.0),
        grace=grace.worker(NAME, said.grace, soft, given.settings.place("services.worker.grace"), soft_seen),
        queues=queues,
        because=(
            Because(f"Celery application {app.module}:{app.attribute}", app.seen),
            Because(f"tasks have {soft:g} s after SIGTERM, then go back to their queue", soft_seen)
            if soft
            else Because(f"SIGTERM waits for running tasks, at most {grace.WARM:g} s"),
            outward(given, NAME)
            or Because("nothing says that tasks talk to the outside: no way out of the stack's network"),
        ),
    )
    return replace(found, replicas=replicas.count(given, found))


def processes(given: Given) -> int:
    """That run tasks, in each container."""
    return given.settings.service(NAME).concurrency or 2


def heartbeat() -> Assignment:
    because = Because("the file that the health check looks at")
    return Assignment("STACKPROOF_HEARTBEAT", HEARTBEAT, settable=False, because=because)


def _command(given: Given, app: CeleryApp, queues: tuple[str, ...]) -> tuple[str, ...]:
    return (
        "celery", "-A", app.module, "worker", "--loglevel=info", "--queues", ",".join(queues),
        "--include", "stackproof_heartbeat", "--hostname", "worker@%h", "--concurrency", str(processes(given)),
    )  # fmt: skip


def _remap(soft: float) -> tuple[Assignment, ...]:
    if not soft:
        return ()  # QUIT without a soft phase would throw running tasks away
    because = Because("a container is stopped by TERM; Celery's soft shutdown is started by QUIT")
    return (Assignment("REMAP_SIGTERM", "SIGQUIT", settable=False, because=because),)

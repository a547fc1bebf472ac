"""What breaks the promises about faults, one at a time."""

from dataclasses import replace

from stackproof.model.stack import Service, Stack
from tests.saboteurs import Saboteur
from tests.saboteurs.edits import assigned, bounded, service, source

_MAIN, _CELERY = "src/tubeatlas/main.py", "src/tubeatlas/config/celery_app.py"
_EARLY = source(_CELERY, "task_acks_late=True", "task_acks_late=False")


def _in_a_shell(one: Service) -> Service:
    """Shell form with something after it: the shell stays, gets SIGTERM, and the server never hears of it."""
    return replace(one, command=("sh", "-c", f"{' '.join(one.command)}; true"), grace=6.0)


def _soon_seen(stack: Stack) -> Stack:
    """Probes that need no minute to see a loss, so that nobody waits one for what they do not see."""
    for name in ("api", "worker"):
        stack = service(name, _probed_each_second)(stack)
    return stack


def _probed_each_second(one: Service) -> Service:
    assert one.health is not None
    return replace(one, health=replace(one.health, interval=1.0, retries=1))


def _hidden_for_an_hour(stack: Stack) -> Stack:
    assert stack.celery is not None
    changed = replace(stack, celery=replace(stack.celery, visibility_timeout=3600.0))
    return service("worker", lambda one: assigned(one, "VISIBILITY_TIMEOUT_SECONDS", "3600"))(changed)


FAULTS: tuple[Saboteur, ...] = (
    Saboteur(
        "SP401-dependency-loss",
        "the health route says that all is well without looking",
        "the health of api stayed green",
        tree=source(_MAIN, "await health.checks(get_settings())", '{"database": "ok", "redis": "ok"}'),
        stack=_soon_seen,
    ),
    Saboteur(
        "SP402-graceful-stop",
        "the server is started by a shell that keeps SIGTERM for itself",
        "when api got SIGTERM",
        stack=lambda stack: bounded(task_seconds=12.0)(service("api", _in_a_shell)(stack)),
    ),
    Saboteur(
        "SP402-graceful-stop",
        "messages are acknowledged before the work, and SIGTERM leaves no time for it",
        "the task in flight was lost",
        tree=_EARLY,
        stack=service("worker", lambda one: assigned(one, "SOFT_SHUTDOWN_SECONDS", "0")),
        slow=True,
    ),
    Saboteur(
        "SP403-worker-killed",
        "messages are acknowledged before the work",
        "the task of the killed worker was lost",
        tree=_EARLY,
        stack=bounded(task_seconds=12.0),
    ),
    Saboteur(
        "SP403-worker-killed",
        "the message of a lost worker stays hidden for an hour",
        "its message stays hidden for 3600 s (visibility_timeout)",
        stack=_hidden_for_an_hour,
        slow=True,
    ),
)

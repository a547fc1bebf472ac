"""The one inequality of stopping: what drains must be done before what kills.

web:     drain of the server           + margin <= grace
worker:  Celery's soft shutdown        + margin <= grace

The margin is for what comes after the drain: closing connections, handing messages back, the interpreter's own end.
Sources: docs.celeryq.dev (worker shutdown), uvicorn `--timeout-graceful-shutdown`, gunicorn `--graceful-timeout`.
"""

from stackproof.errors import UserError
from stackproof.model.source import Place
from stackproof.plan.given import at

MARGIN = 5.0
WORKER_MARGIN = 10.0  # measured: an idle worker needs 2.6 s after its soft phase, on two shared cores
WEB = 15.0  # grace unless told otherwise
WARM = 60.0  # a worker without soft shutdown: TERM waits for its tasks, at most this long


def drain(service: str, grace: float, seen: Place | None) -> int:
    """Seconds that a server may wait for open requests. Raises UserError where the grace time leaves it none."""
    left = int(grace - MARGIN)
    if left < 1:
        raise UserError(
            f"{at(seen)}services.{service}.grace is {grace:g} s: that leaves no time to finish requests",
            fix=f"Give at least {MARGIN + 1:g} s, or leave it out for {WEB:g} s.",
        )
    return left


def worker(service: str, grace: float | None, soft: float, seen: Place | None, soft_seen: Place | None) -> float:
    """The worker's grace time. Raises UserError where it would be killed inside its soft shutdown."""
    if grace is None:
        return soft + WORKER_MARGIN if soft else WARM
    if soft and grace < soft + WORKER_MARGIN:
        raise UserError(
            f"{at(seen)}services.{service}.grace is {grace:g} s, but Celery's soft shutdown takes up to {soft:g} s"
            f"{f' ({soft_seen})' if soft_seen else ''} and needs {WORKER_MARGIN:g} s after that",
            fix=f"Give at least {soft + WORKER_MARGIN:g} s, or lower worker_soft_shutdown_timeout.",
        )
    return grace

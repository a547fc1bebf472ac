"""Celery's sign of life as a file, written by stackproof: its age is what the health check looks at.

The worker loads this with `--include stackproof_heartbeat`, beat with `--scheduler stackproof_heartbeat:BeatScheduler`.
Celery's `inspect ping` would start a whole interpreter at every check and turn red when the broker is merely busy.
"""

import os
import tempfile
from pathlib import Path
from typing import Any

from celery.beat import PersistentScheduler
from celery.signals import heartbeat_sent, worker_ready, worker_shutdown

_FILE = Path(os.environ.get("STACKPROOF_HEARTBEAT") or Path(tempfile.gettempdir(), "stackproof-heartbeat"))


@worker_ready.connect
def ready(**_: Any) -> None:
    """From now on it consumes its queues; heartbeats go out earlier than that."""
    _FILE.touch()


@heartbeat_sent.connect
def alive(**_: Any) -> None:
    """Every two seconds, for as long as there is a broker to send it to."""
    if _FILE.exists():
        _FILE.touch()


@worker_shutdown.connect
def gone(**_: Any) -> None:
    _FILE.unlink(missing_ok=True)


class BeatScheduler(PersistentScheduler):
    """Celery's own scheduler; the age of the file is the time since it last looked at its schedule."""

    def tick(self, *args: Any, **kwargs: Any) -> float:
        wait: float = super().tick(*args, **kwargs)
        _FILE.touch()
        return wait

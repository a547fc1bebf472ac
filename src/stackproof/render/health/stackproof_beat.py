"""Sign of life of a Celery beat with another scheduler than Celery's own, written by stackproof.

Beat loads it with `--scheduler stackproof_beat:BeatScheduler`; STACKPROOF_SCHEDULER names the class that does the work.
"""

import os
import tempfile
from pathlib import Path
from typing import Any

from celery.utils.imports import symbol_by_name

_FILE = Path(os.environ.get("STACKPROOF_HEARTBEAT") or Path(tempfile.gettempdir(), "stackproof-heartbeat"))
_Scheduler: Any = symbol_by_name(os.environ["STACKPROOF_SCHEDULER"])


class BeatScheduler(_Scheduler):  # type: ignore[misc]
    """The age of the file is the time since the scheduler last looked at its schedule."""

    def tick(self, *args: Any, **kwargs: Any) -> float:
        wait: float = super().tick(*args, **kwargs)
        _FILE.touch()
        return wait

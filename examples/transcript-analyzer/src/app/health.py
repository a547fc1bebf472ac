"""Is what the application needs really there? Asked anew each time, within two seconds."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from time import monotonic

from src.app.jobs import Jobs
from src.app.results import Results

LIMIT_SECONDS = 1.9


class Health:
    """In threads: neither a name server nor a file system can be told to hurry."""

    def __init__(self, jobs: Jobs, results: Results) -> None:
        self._asked: dict[str, Callable[[], object]] = {
            "redis": jobs.redis.ping,
            "output": results.probe,
        }
        self._threads = ThreadPoolExecutor(max_workers=8, thread_name_prefix="health")

    def checks(self) -> dict[str, str]:
        """The name of each part with "ok" or with what is wrong."""
        due = monotonic() + LIMIT_SECONDS
        asked = {name: self._threads.submit(check) for name, check in self._asked.items()}
        return {name: _state(future, due) for name, future in asked.items()}


def _state(future: "Future[object]", due: float) -> str:
    try:
        future.result(timeout=max(due - monotonic(), 0))
    except TimeoutError:
        future.cancel()
        return f"no answer within {LIMIT_SECONDS:g} s"
    except Exception as error:  # noqa: BLE001  whatever went wrong, this part is not ready
        return type(error).__name__
    return "ok"

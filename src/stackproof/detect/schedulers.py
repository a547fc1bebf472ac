"""APScheduler inside of a process that does something else: every replica of it would run every job."""

from collections.abc import Iterator

from stackproof.detect import code
from stackproof.model.facts import Fact, Scheduler
from stackproof.model.source import SourceTree

_INSIDE = (
    "apscheduler.schedulers.background.BackgroundScheduler", "apscheduler.schedulers.asyncio.AsyncIOScheduler",
    "apscheduler.schedulers.gevent.GeventScheduler", "apscheduler.schedulers.tornado.TornadoScheduler",
    "flask_apscheduler.APScheduler", "fastapi_utils.tasks.repeat_every", "fastapi_utilities.repeat_every",
    "rocketry.Rocketry",
)  # fmt: skip


def detect(tree: SourceTree) -> Iterator[Fact]:
    known = code.read(tree)
    for name in _INSIDE:
        for module, call in known.called.get(name, ()):
            yield Scheduler(name.rpartition(".")[2], module.place(call))

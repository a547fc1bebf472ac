"""Every worker looks for transcripts whose message was lost, as long as it has its broker."""

from celery import bootsteps
from celery.worker.consumer import Consumer

from tubeatlas import tasks
from tubeatlas.config.celery_app import app

_EVERY = 5.0  # seconds


class Resume(bootsteps.StartStopStep):
    """Begins anew with each connection: a consumer that lost its broker has lost its timers."""

    requires = ("celery.worker.consumer.tasks:Tasks",)

    def start(self, parent: Consumer) -> None:
        self._timer = parent.timer.call_repeatedly(_EVERY, tasks.send_again)

    def stop(self, parent: Consumer) -> None:
        self._timer.cancel()


app.steps["consumer"].add(Resume)

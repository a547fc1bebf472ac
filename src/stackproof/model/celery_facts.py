"""What is known about Celery applications, their tasks, queues and schedules."""

from dataclasses import dataclass

from stackproof.model.source import Place


@dataclass(frozen=True)
class CeleryApp:
    """A Celery application; `module` is what `celery -A` gets. A re-export is a second fact about the same object."""

    module: str  # "tubeatlas.celery_app"
    attribute: str  # "app"
    reexport: bool
    seen: Place


@dataclass(frozen=True)
class Task:
    name: str  # "tubeatlas.tasks.process_transcript"
    seen: Place


@dataclass(frozen=True)
class TaskRoute:
    pattern: str  # a task name or a glob of them
    queue: str
    seen: Place


@dataclass(frozen=True)
class Queue:
    name: str
    seen: Place


@dataclass(frozen=True)
class BeatEntry:
    name: str
    seen: Place
    scheduler: str = (
        ""  # class of another scheduler than Celery's own: "django_celery_beat.schedulers:DatabaseScheduler"
    )


@dataclass(frozen=True)
class CeleryOption:
    """A Celery setting that decides about loss and time: late acknowledgement, soft shutdown, visibility timeout.

    `value` is the literal, or the default of the setting that is read; `variable` the environment variable
    through which it can be changed.
    """

    name: str
    value: str
    variable: str | None
    seen: Place

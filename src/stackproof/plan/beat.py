"""Celery's scheduler, only where there is a schedule; always one."""

from dataclasses import replace

from stackproof.model.facts import BeatEntry, CeleryApp
from stackproof.model.stack import Assignment, Because, Health, Limits, Mount, Service, Volume
from stackproof.plan.code import Code
from stackproof.plan.given import APP, Given
from stackproof.plan.worker import HEARTBEAT, heartbeat

NAME = VOLUME = "beat"
_TICK = 5  # seconds between two looks at the schedule, at most
MAX_AGE = 15.0


def beat(given: Given, code: Code, app: CeleryApp, entry: BeatEntry) -> Service:
    shared = code.service(NAME, "beat", _command(app, entry), Limits(256, 0.5, 64))
    kept = () if entry.scheduler else (Mount(f"{APP}/{VOLUME}", volume=VOLUME),)
    return replace(
        shared,
        environment=(*shared.environment, heartbeat(), *_scheduler(entry)),
        health=Health("heartbeat", HEARTBEAT, max_age=MAX_AGE, interval=5.0),
        mounts=(*shared.mounts, *kept),
        grace=given.settings.service(NAME).grace or 10.0,
        networks=("back",),
        because=(Because(f"scheduled: {entry.name}", entry.seen),),
    )


def entry(given: Given) -> BeatEntry | None:
    """One that names another scheduler goes first: it decides where the schedule is kept."""
    found = given.project.all(BeatEntry)
    return next((fact for fact in found if fact.scheduler), next(iter(found), None))


def _command(app: CeleryApp, entry: BeatEntry) -> tuple[str, ...]:
    words = ("celery", "-A", app.module, "beat", "--loglevel=info", "--scheduler")
    tick = ("--max-interval", str(_TICK))
    if entry.scheduler:
        return (*words, "stackproof_beat:BeatScheduler", *tick)
    return (*words, "stackproof_heartbeat:BeatScheduler", *tick, "--schedule", f"@{{volume.{VOLUME}}}/schedule")


def _scheduler(entry: BeatEntry) -> tuple[Assignment, ...]:
    if not entry.scheduler:
        return ()
    because = Because("the scheduler whose sign of life is shown", entry.seen)
    return (Assignment("STACKPROOF_SCHEDULER", entry.scheduler, settable=False, because=because),)


def volume(entry: BeatEntry) -> Volume:
    return Volume(VOLUME, Because("when each entry last ran; a restart must not forget it", entry.seen))

"""Celery's scheduler, only where there is a schedule; always one."""

from dataclasses import replace

from stackproof.model.facts import BeatEntry, CeleryApp
from stackproof.model.stack import Because, Health, Limits, Mount, Service, Volume
from stackproof.plan.code import Code
from stackproof.plan.given import APP, Given
from stackproof.plan.worker import HEARTBEAT, heartbeat

NAME = VOLUME = "beat"
_TICK = 5  # seconds between two looks at the schedule, at most
MAX_AGE = 15.0


def beat(given: Given, code: Code, app: CeleryApp, entry: BeatEntry) -> Service:
    command = (
        "celery", "-A", app.module, "beat", "--loglevel=info",
        "--scheduler", "stackproof_heartbeat:BeatScheduler", "--max-interval", str(_TICK),
        "--schedule", f"@{{volume.{VOLUME}}}/schedule",
    )  # fmt: skip
    shared = code.service(NAME, "beat", command, Limits(256, 0.5, 64))
    return replace(
        shared,
        environment=(*shared.environment, heartbeat()),
        health=Health("heartbeat", HEARTBEAT, max_age=MAX_AGE, interval=5.0),
        mounts=(*shared.mounts, Mount(f"{APP}/{VOLUME}", volume=VOLUME)),
        grace=given.settings.service(NAME).grace or 10.0,
        networks=("back",),
        because=(Because(f"scheduled: {entry.name}", entry.seen),),
    )


def volume(entry: BeatEntry) -> Volume:
    return Volume(VOLUME, Because("when each entry last ran; a restart must not forget it", entry.seen))

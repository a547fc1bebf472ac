"""Celery's scheduler, only where there is a schedule; always one."""

from stackproof.model.facts import BeatEntry
from stackproof.model.stack import Because, Health, Limits, Mount, Service, Volume
from stackproof.plan.given import APP, Given
from stackproof.plan.worker import HEARTBEAT, Parts, heartbeat

VOLUME = "beat"
_TICK = 5  # seconds between two looks at the schedule, at most
MAX_AGE = 15.0


def beat(given: Given, parts: Parts, entry: BeatEntry) -> Service:
    said = given.settings.service("beat")
    return Service(
        name="beat",
        role="beat",
        image=given.image,
        built=True,
        command=(
            "celery", "-A", parts.app.module, "beat", "--loglevel=info",
            "--scheduler", "stackproof_heartbeat:BeatScheduler", "--max-interval", str(_TICK),
            "--schedule", f"@{{volume.{VOLUME}}}/schedule",
        ),
        environment=(*parts.environment, heartbeat()),
        uid=given.uid,
        gid=given.uid,
        health=Health("heartbeat", HEARTBEAT, max_age=MAX_AGE, interval=5.0),
        needs=parts.needs,
        mounts=(*parts.mounts, Mount(f"{APP}/{VOLUME}", volume=VOLUME)),
        limits=Limits(said.memory_mb or 256, said.cpus or 0.5, said.pids or 64),
        grace=said.grace or 10.0,
        networks=("back",),
        because=(Because(f"scheduled: {entry.name}", entry.seen),),
    )  # fmt: skip


def volume(entry: BeatEntry) -> Volume:
    return Volume(VOLUME, Because("when each entry last ran; a restart must not forget it", entry.seen))

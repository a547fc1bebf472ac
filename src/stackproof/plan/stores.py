"""Redis: the broker and the store of results; nothing in it may be lost or evicted."""

from stackproof.model.facts import Backend, CeleryApp
from stackproof.model.source import Place
from stackproof.model.stack import Because, Health, Limits, Mount, Service, Volume
from stackproof.plan import knowledge
from stackproof.plan.given import Given

VOLUME = "redis"
_SHARE = 0.6  # of the memory limit for data; the rest is for the copy that rewriting the log makes


def needed(given: Given) -> Place | None:
    """Where the code asks for Redis; a Celery application with its driver does so too."""
    for backend in given.project.all(Backend):
        if backend.kind == "redis":
            return backend.seen
    return given.installed("redis") if given.project.first(CeleryApp) else None


def redis(given: Given, seen: Place) -> Service:
    said = given.settings.service("redis")
    memory = said.memory_mb or 256
    port = said.port or 6379
    return Service(
        name="redis",
        role="store",
        image=knowledge.REDIS_IMAGE,
        built=False,
        command=_command(int(memory * _SHARE)),
        port=port,
        uid=knowledge.REDIS_UID,
        gid=knowledge.REDIS_GID,
        health=Health("redis", "", port, interval=5.0),
        mounts=(Mount("/data", volume=VOLUME),),
        tmpfs_mb=16,
        limits=Limits(memory, said.cpus or 0.5, said.pids or 64),
        grace=said.grace or 10.0,
        networks=("back",),
        because=(
            Because("the code talks to Redis", seen),
            Because("every write goes to a log on a volume: a restart loses no queued task"),
            Because("no eviction, and a bound below the memory limit: a full broker refuses, it forgets nothing"),
        ),
    )


def volume(seen: Place) -> Volume:
    return Volume(VOLUME, Because("queued tasks and results", seen))


def _command(maxmemory: int) -> tuple[str, ...]:
    # Protected mode refuses every other host where there is no password; the network lets in the stack alone.
    return (
        "redis-server", "--bind", "@{self.bind}", "--port", "@{self.port}", "--protected-mode", "no",
        "--dir", f"@{{volume.{VOLUME}}}", "--appendonly", "yes", "--appendfsync", "everysec", "--save", "",
        "--maxmemory", f"{maxmemory}mb", "--maxmemory-policy", "noeviction",
    )  # fmt: skip

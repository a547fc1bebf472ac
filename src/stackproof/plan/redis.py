"""Redis as a service: a broker and store of results that forgets nothing, or a cache that may."""

from stackproof.model.stack import Because, Health, Limits, Mount, Service
from stackproof.plan import knowledge
from stackproof.plan.given import Given
from stackproof.plan.stores import CACHE, Store

_SHARE = 0.6  # of the memory limit for data; the rest is for the copy that rewriting the log makes


def redis(given: Given, store: Store) -> Service:
    said = given.settings.service(store.name)
    memory = said.memory_mb or 256
    port = said.port or 6379
    return Service(
        name=store.name,
        role="store",
        image=knowledge.REDIS_IMAGE,
        built=False,
        command=_command(store, int(memory * _SHARE)),
        port=port,
        uid=knowledge.REDIS_UID,
        gid=knowledge.REDIS_GID,
        health=Health("redis", "", port, interval=5.0),
        mounts=(Mount("/data", volume=store.name),),
        tmpfs_mb=16,
        limits=Limits(memory, said.cpus or 0.5, said.pids or 64),
        grace=said.grace or 10.0,
        networks=("back",),
        because=(Because("the code talks to Redis", store.seen), *_reasons(store)),
        software="redis",
        secrets=(store.acl,),
    )


def _reasons(store: Store) -> tuple[Because, ...]:
    logged = Because("every write goes to a log on a volume: a restart loses no queued task")
    if store.name == CACHE:
        return (Because("apart from the broker: what is cached may be evicted, queued tasks may not"), logged)
    bounded = "no eviction, and a bound below the memory limit: a full broker refuses, it forgets nothing"
    return (logged, Because(bounded))


def _command(store: Store, maxmemory: int) -> tuple[str, ...]:
    policy = "volatile-lru" if store.name == CACHE else "noeviction"
    return (
        "redis-server", "--bind", "@{self.bind}", "--port", "@{self.port}", "--aclfile", f"@{{secret.{store.acl}}}",
        "--dir", f"@{{volume.{store.name}}}", "--appendonly", "yes", "--appendfsync", "everysec", "--save", "",
        "--maxmemory", f"{maxmemory}mb", "--maxmemory-policy", policy,
    )  # fmt: skip

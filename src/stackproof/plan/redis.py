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
        because=(Because("the code talks to Redis", store.seen), *_reasons(store), *_unguarded(store)),
        software="redis",
        secrets=() if store.open else (store.acl,),
        aliases=store.aliases,
    )


def _reasons(store: Store) -> tuple[Because, ...]:
    logged = Because("every write goes to a log on a volume: a restart loses no queued task")
    if store.name == CACHE:
        return (Because("apart from the broker: what is cached may be evicted, queued tasks may not"), logged)
    bounded = "no eviction, and a bound below the memory limit: a full broker refuses, it forgets nothing"
    return (logged, Because(bounded))


def _unguarded(store: Store) -> tuple[Because, ...]:
    why = "it asks for no password, because the code gives none: only the stack's inner network protects it"
    return (Because(why),) if store.open else ()


def _guard(store: Store) -> tuple[str, ...]:
    if store.open:
        return ("--protected-mode", "no")  # it would answer nobody but itself
    return ("--aclfile", f"@{{secret.{store.acl}}}")


def _command(store: Store, maxmemory: int) -> tuple[str, ...]:
    policy = "volatile-lru" if store.name == CACHE else "noeviction"
    return (
        "redis-server", "--bind", "@{self.bind}", "--port", "@{self.port}", *_guard(store),
        "--dir", f"@{{volume.{store.name}}}", "--appendonly", "yes", "--appendfsync", "everysec", "--save", "",
        "--maxmemory", f"{maxmemory}mb", "--maxmemory-policy", policy,
    )  # fmt: skip

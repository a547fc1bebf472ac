"""SP317: the pools of all processes and replicas together stay below what the server takes."""

from collections.abc import Iterator

from stackproof.model.proof import Claim, Json, Judgement, Measurement
from stackproof.model.running import Bench, Running
from stackproof.model.stack import Bounds, Database
from stackproof.prove import asking, postgres, present
from stackproof.prove.verdicts import held, rows, whole

_SETTINGS = ("max_connections", "superuser_reserved_connections", "reserved_connections")
_KNOWN = "SELECT name, setting FROM pg_settings WHERE name IN ({}) ORDER BY name"
_OPEN = (
    "SELECT count(*), count(*) FILTER (WHERE usename = '{}' AND pid <> pg_backend_pid()) "
    "FROM pg_stat_activity WHERE backend_type = 'client backend'"
)


def _measure(bench: Bench) -> Measurement:
    running = bench.running()
    base = postgres.of(running)
    wanted = ", ".join(f"'{name}'" for name in _SETTINGS)
    known = {row[0]: row[1] for row in postgres.rows(running, _KNOWN.format(wanted))}
    open_now = postgres.rows(running, _OPEN.format(base.user))[0]
    pools: list[Json] = [*_pools(running, base)]
    most = sum(int(str(pool["most"])) for pool in pools if isinstance(pool, dict))
    return Measurement(
        f"{most} of {known['max_connections']}",
        "the pools that the code states, times the processes and replicas that run; what the server says that it "
        "takes; and the connections that are open now",
        {
            "pools": pools,
            "others": [*_others(running, base)],
            "max": int(known["max_connections"]),
            "reserved": sum(int(known.get(name, "0")) for name in _SETTINGS[1:]),
            "open": int(open_now[1]),
        },
    )


def _pools(running: Running, base: Database) -> Iterator[Json]:
    for pool in base.pools:
        count = len(asking.replicas(running, pool.service))
        most = pool.size * pool.processes * count
        yield {
            "service": pool.service, "size": pool.size, "processes": pool.processes, "replicas": count, "most": most,
        }  # fmt: skip


def _others(running: Running, base: Database) -> Iterator[Json]:
    """Services with a connection and no pool of the code's: exporter, backup."""
    pooled = {pool.service for pool in base.pools}
    for service in present.services(running):
        if service.name not in pooled and base.service in present.talks_to(service):
            yield service.name


def _judge(measurement: Measurement, _: Bounds) -> Judgement:
    found = measurement.observed
    pools, others = rows(measurement, "pools"), [str(name) for name in found["others"]]
    free = (whole(found, "max") or 0) - (whole(found, "reserved") or 0)
    most = sum(whole(pool, "most") or 0 for pool in pools)
    said = "; ".join(
        f"{pool['service']}: {pool['size']} x {pool['processes']} processes x {pool['replicas']}" for pool in pools
    )
    limit = f"{found['max']} less {found['reserved']} that are reserved"
    return held(
        _problems(most, len(others), free, whole(found, "open") or 0, said),
        f"at most {most} from pools ({said}) and {len(others)} more ({', '.join(others) or 'none'}); "
        f"{found['open']} are open now",
        limit,
    )


def _problems(most: int, others: int, free: int, open_now: int, said: str) -> Iterator[str]:
    if most + others > free:
        yield f"the server takes {free} connections, and the pools may open {most} ({said}), others {others}"
    if open_now > most + others:
        yield f"{open_now} connections are open, more than {most} of all pools and {others} others: a pool is missed"


CLAIM = Claim(
    id="SP317-pools-fit",
    group="running",
    says="The connection pools of all processes and replicas together fit into what PostgreSQL takes.",
    measure=_measure,
    judge=_judge,
    applies=postgres.has_database,
)

"""SP316: only who shares a network with a store can connect to it, and internal networks have no way out."""

from collections.abc import Iterator

from stackproof.model.proof import Claim, Json, Judgement, Measurement
from stackproof.model.running import Bench, Running
from stackproof.model.stack import Bounds, Service, Stack
from stackproof.prove import present
from stackproof.prove.verdicts import Row, held, rows, text, unmeasured

_OUT = "outside"


def applies(stack: Stack) -> bool:
    return any(service.role == "store" for service in stack.services)


def _measure(bench: Bench) -> Measurement:
    running = bench.running()
    stores = present.of_role(running, "store")
    with running.outside() as way_out:
        seen: list[Json] = [
            row
            for service in present.services(running)
            for row in _from(running, service, tuple(store for store in stores if store != service), way_out)
        ]
    return Measurement(
        f"{len(seen)} connections tried",
        "from each service's own place in the network to every address of every store, and to a server that the proof "
        "opens on the engine's machine, outside the stack's networks",
        {"tried": seen},
    )


def _from(
    running: Running, service: Service, stores: tuple[Service, ...], way_out: tuple[str, int]
) -> Iterator[dict[str, Json]]:
    aims = [(store, address) for store in stores for address in running.addresses(store.name)]
    targets = (*((address, store.port or 0) for store, address in aims), way_out)
    opened = running.reaches(service.name, targets)
    for store in stores:
        reached = any(open_ for (other, _), open_ in zip(aims, opened, strict=False) if other == store)
        yield _row(service, store.name, reached, meant=bool(set(service.networks) & set(store.networks)))
    networks = {network.name: network for network in running.stack.networks}
    yield _row(service, _OUT, opened[-1], meant=any(not networks[name].internal for name in service.networks))


def _row(service: Service, to: str, reached: bool, *, meant: bool) -> dict[str, Json]:
    return {"from": service.name, "to": to, "opened": reached, "meant": meant, "networks": list(service.networks)}


def _judge(measurement: Measurement, _: Bounds) -> Judgement:
    tried = rows(measurement, "tried")
    if problems := list(_problems(tried)):
        return held(problems, "")
    apart = [row for row in tried if not row["meant"]]
    if apart and (blind := _blind(tried)):
        return unmeasured(blind)
    closed = ", ".join(f"{row['from']} to {row['to']}" for row in apart[:6])
    more = f" and {len(apart) - 6} more" if len(apart) > 6 else ""
    return held((), f"{len(tried) - len(apart)} ways are open and meant to be; closed: {closed or 'none'}{more}")


def _problems(tried: tuple[Row, ...]) -> Iterator[str]:
    for row in tried:
        if row["opened"] and not row["meant"]:
            networks = ", ".join(str(name) for name in row["networks"])  # type: ignore[union-attr]
            if row["to"] == _OUT:
                yield f"{row['from']} gets out of the stack, although it is on internal networks alone ({networks})"
            else:
                yield f"{row['from']} can connect to {row['to']}, although they share no network ({networks})"
        elif row["meant"] and not row["opened"] and row["to"] != _OUT:
            yield f"{row['from']} cannot connect to {row['to']}, although they share a network"


def _blind(tried: tuple[Row, ...]) -> str:
    """Why the closed ways say nothing: a server that nobody can reach is closed to all."""
    if any(row["to"] == _OUT and row["opened"] for row in tried):
        return ""
    open_ones = [text(row, "from") for row in tried if row["to"] == _OUT and row["meant"]]
    if open_ones:
        return (
            f"the server outside could not be reached by {', '.join(open_ones)} either: the machine's firewall keeps it"
        )
    if all(row["to"] == _OUT for row in tried if not row["meant"]):
        return "no service may leave the stack's networks: nothing shows that the server outside could be reached"
    return ""


CLAIM = Claim(
    id="SP316-networks-apart",
    group="running",
    says="Only services that share a network with a store can connect to it, and internal networks have no way out.",
    measure=_measure,
    judge=_judge,
    applies=applies,
    company="looks",
)

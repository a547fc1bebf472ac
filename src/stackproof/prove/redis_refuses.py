"""SP315: every Redis refuses a command without a password, and answers it with one."""

from collections.abc import Iterator
from itertools import pairwise
from typing import cast

from stackproof.errors import Unmeasurable
from stackproof.model.proof import Claim, Json, Judgement, Measurement
from stackproof.model.running import Bench, Running
from stackproof.model.stack import Bounds, Service, Stack
from stackproof.prove import from_inside, present
from stackproof.prove.verdicts import Row, held, rows, text, texts

_GET, _WHO, _WRITE = ["GET", "stackproof"], ["ACL", "WHOAMI"], ["SET", "stackproof", "1"]
_CLOSED = {
    "without a password": [["PING"], _GET, _WRITE, ["CONFIG", "GET", "dir"]],
    "with a wrong password": [["AUTH", "default", "stackproof-does-not-know"], _GET],
    "as the user of the health check": [["AUTH", "probe", "probe"], _GET, _WRITE, _WHO],
}
_REFUSED = ("-NOAUTH", "-NOPERM", "-WRONGPASS")
_LOGIN = "AUTH"  # whose own answer is not the point


def applies(stack: Stack) -> bool:
    return any(service.software == "redis" for service in stack.services)


def _measure(bench: Bench) -> Measurement:
    running = bench.running()
    seen: list[Json] = [_asked(bench, running, store) for store in _stores(running)]
    if not seen:
        raise Unmeasurable("No Redis of the stack runs here.", fix="Prove with --on docker.")
    return Measurement(
        f"{len(seen)} servers",
        "commands over fresh connections from a service of the stack: without a password, with a wrong one, as the "
        "user of the health check, and with the password",
        {"servers": seen},
    )


def _stores(running: Running) -> Iterator[Service]:
    yield from (service for service in present.of_role(running, "store") if service.software == "redis")


def _asked(bench: Bench, running: Running, store: Service) -> dict[str, Json]:
    member, host, port = present.neighbour(running, store.name)
    login: list[Json] = ["AUTH", "default", password(bench, store)]
    closed = cast(list[Json], list(_CLOSED.values()))
    conversations: list[Json] = [*closed, [login, ["PING"], [*_GET]]]
    found, _ = from_inside.look(running, member.name, "redis_says", host, port, store.port, conversations)
    replies = cast(list[list[str]], found["replies"])
    return {
        "store": store.name,
        "member": member.name,
        "closed": [
            {"way": way, "commands": [" ".join(words) for words in said], "replies": cast(Json, heard)}
            for (way, said), heard in zip(_CLOSED.items(), replies, strict=False)
        ],
        # Where an adopted stack keeps its password is not known for sure.
        "open": cast(Json, replies[-1] if login[2] or bench.stack.adopted is None else []),
    }


def password(bench: Bench, store: Service) -> str:
    """ "" where the stack gives it none: then nothing is refused."""
    if bench.stack.adopted:
        return next((after for word, after in pairwise(store.command) if word == "--requirepass"), "")
    secrets = (bench.stack.secret(name) for name in store.secrets)
    source = next((secret.source for secret in secrets if secret.kind == "redis-acl" and secret.source), None)
    return bench.secret(source) if source else ""


def _judge(measurement: Measurement, _: Bounds) -> Judgement:
    servers = rows(measurement, "servers")
    names = ", ".join(text(row, "store") for row in servers)
    ways = ", ".join(_CLOSED)
    return held(
        (problem for row in servers for problem in _problems(row)),
        f"{names}: nothing is answered {ways}; with the password it is",
    )


def _problems(row: Row) -> Iterator[str]:
    store = text(row, "store")
    for way in cast(list[Row], row["closed"]):
        for command, reply in zip(texts(way, "commands"), texts(way, "replies"), strict=True):
            if not command.startswith(_LOGIN) and not reply.startswith(_REFUSED):
                yield f"{store} answers {command} {way['way']}: {reply[:60]}"
    login, ping, *_ = texts(row, "open") or ("OK", "PONG")
    if (login, ping) != ("OK", "PONG"):
        yield f"{store} does not answer {row['member']} with the password: {login[:60]}, {ping[:60]}"


CLAIM = Claim(
    id="SP315-redis-refuses",
    group="running",
    says="Every Redis refuses commands without its password, and answers them with it.",
    measure=_measure,
    judge=_judge,
    applies=applies,
    company="looks",
)

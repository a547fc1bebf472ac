"""SP314: a WebSocket is opened through the proxy, as a browser would, and the application answers on it."""

from collections.abc import Iterator, Mapping

from stackproof.model.facts import WebSocket
from stackproof.model.proof import Claim, Json, Judgement, Measurement
from stackproof.model.running import Bench
from stackproof.model.stack import Bounds
from stackproof.prove import asking, entrance, handshake
from stackproof.prove.handshake import Handshake
from stackproof.prove.verdicts import Row, held, rows, unmeasured

_SOCKETIO = "?EIO=4&transport=websocket"  # Engine.IO protocol, revision 4
_LIMIT = "101"


def _measure(bench: Bench, shake: Handshake = handshake.shake) -> Measurement:
    running = bench.running()
    here = entrance.of(running)
    socketio = {fact.path for fact in bench.project.all(WebSocket) if fact.kind == "socketio"}
    headers = asking.headers(bench)
    opened: list[Json] = [
        _opened(here.https, route.prefix, headers, shake, speaks_first=route.prefix in socketio)
        for route in here.proxy.routes
        if route.websocket
    ]
    return Measurement(
        f"{len(opened)} WebSockets",
        "the opening handshake of RFC 6455 over TLS, with the Origin that a browser would send; the answer is held "
        "against the key that was sent, and Socket.IO must speak first",
        {"opened": opened},
    )


def _opened(
    https: str, prefix: str, headers: Mapping[str, str], shake: Handshake, *, speaks_first: bool
) -> dict[str, Json]:
    path = f"{prefix}{_SOCKETIO}" if speaks_first else prefix
    found = shake(f"{https}{path}", headers, speaks_first)
    return {
        "path": path, "status": found.status, "problem": found.problem, "right_key": found.right_key,
        "speaks_first": speaks_first, "said": found.said,
    }  # fmt: skip


def _judge(measurement: Measurement, _: Bounds) -> Judgement:
    opened = rows(measurement, "opened")
    if problems := [problem for row in opened for problem in _problems(row)]:
        return held(problems, "", _LIMIT)
    if closed := [f"{row['path']} ({row['status']})" for row in opened if _wants_a_name(row)]:
        return unmeasured(
            f"the application wants to know who opens {', '.join(closed)}; say it with [prove] headers", _LIMIT
        )
    return held((), "; ".join(f"{row['path']}: 101{_said(row)}" for row in opened), _LIMIT)


def _wants_a_name(row: Row) -> bool:
    """Whoever refuses a person has seen a WebSocket: a plain GET is not asked for one."""
    return row["status"] in (401, 403)


def _problems(row: Row) -> Iterator[str]:
    if _wants_a_name(row):
        return
    if row["status"] != 101:
        yield f"{row['path']} is answered {row['status']} {row['problem']}".rstrip() + ", not 101"
    elif not row["right_key"]:
        yield f"{row['path']} is answered 101, but not for the key that was sent"
    elif row["speaks_first"] and not row["said"]:
        yield f"{row['path']} was opened, and nothing was said on it ({row['problem']})"


def _said(row: Row) -> str:
    return f", and it says {row['said']}" if row["said"] else ""


CLAIM = Claim(
    id="SP314-websocket",
    group="running",
    says="A WebSocket is opened through the proxy, and the application answers on it.",
    measure=_measure,
    judge=_judge,
    applies=entrance.has_socket,
)

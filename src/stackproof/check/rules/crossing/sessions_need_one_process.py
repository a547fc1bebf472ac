"""SR326: Socket.IO with polling runs in several processes, and a client's requests reach different ones."""

from collections.abc import Iterator

from stackproof.check.own_code import serving
from stackproof.model.facts import WebSocket
from stackproof.model.findings import Inspected, Rule, Sighting


def _check(inspected: Inspected) -> Iterator[Sighting]:
    kept = next((each for each in inspected.project.all(WebSocket) if each.kind == "socketio" and each.polling), None)
    for service, found in serving(inspected) if kept else ():
        processes = (found.workers or 1) * service.replicas
        if kept and found.program != "celery" and processes > 1:
            yield Sighting(
                service.at("command"),
                f"{service.name} runs in {processes} processes, and Socket.IO ({kept.seen}) keeps each client in one",
            )


RULE = Rule(
    "SR326-sessions-need-one-process",
    says="A client of Socket.IO stays with one process.",
    fix="Run one worker in each container and make the proxy sticky, or allow WebSocket alone;"
    " share messages by Redis.",
    severity="error",
    profile="recommended",
    check=_check,
)

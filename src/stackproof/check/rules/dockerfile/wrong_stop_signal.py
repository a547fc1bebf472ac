"""SR150: the stop signal is one that the server takes for an orderly end."""

from collections.abc import Iterator

from stackproof.check.rules.dockerfile.looking import final, over, sighting, started
from stackproof.model.dockerfile import Dockerfile
from stackproof.model.findings import Rule, Sighting

_DEADLY = frozenset({"KILL", "9", "STOP", "19"})
# What ends at once on another signal than SIGTERM, by its own documentation.
_QUICK = {
    "gunicorn": frozenset({"QUIT", "3", "INT", "2"}),
    "celery": frozenset({"QUIT", "3"}),
    "uvicorn": frozenset({"QUIT", "3", "HUP", "1"}),
    "python": frozenset({"QUIT", "3", "HUP", "1"}),
}


def _look(file: Dockerfile) -> Iterator[Sighting]:
    end = final(file)
    said = end.said.get("STOPSIGNAL")
    if said is None:
        return
    signal = end.stopsignal.upper().removeprefix("SIG")
    found = started(file)
    program = found[1][0].rsplit("/", 1)[-1] if found and found[1] else ""
    if signal in _DEADLY:
        yield sighting(said, f"no process can do anything on {end.stopsignal}")
    elif signal in _QUICK.get(program, frozenset()):
        yield sighting(said, f"{program} ends at once on {end.stopsignal}")


RULE = Rule(
    id="SR150-wrong-stop-signal",
    says="The stop signal is one that the server takes for an orderly end.",
    fix="Write `STOPSIGNAL SIGTERM`, or leave it out.",
    severity="warning",
    profile="recommended",
    check=over(_look),
)

"""SP331: each health check fails beside a server that is not there, or that gives another answer than the right one."""

import json
import re
from collections.abc import Iterator

from stackproof.errors import ToolFailed
from stackproof.model.artifacts import Image
from stackproof.model.proof import Claim, Json, Judgement, Measurement
from stackproof.model.running import Bench, Running
from stackproof.model.stack import Bounds, Health, Service
from stackproof.prove import composed, from_inside, present
from stackproof.prove.inside.false_server import GOOD, PORTS
from stackproof.prove.verdicts import Row, held, rows, rows_in, text, unmeasured

_PATIENCE = 45.0  # seconds for all answers to one check
_PROBE = 15.0
_OLD = "/etc/passwd"  # a file of every image: nobody touches it any more
_LONG_AGO = 10**9  # seconds
_NONE = "/stackproof-looks-for-a-file-that-is-not-there"

Command = tuple[str, ...]


def _measure(bench: Bench) -> Measurement:
    _ = bench.workshop  # plain processes are not asked by the command that the file gives
    running = bench.running()
    document = dict(composed.services(composed.documents(bench)[bench.stack.environment]))
    found: list[Json] = [
        {"service": service.name, "command": " ".join(command), **_tried(bench, running, service, command)}
        for service in present.services(running)
        if service.health and (command := composed.probe(document[service.name]))
    ]
    return Measurement(
        f"{len(found)} health checks",
        "the command of each health check, run in its container against ports where a server of ours stands beside the "
        "real one: closed, refusing, redirecting, and last with the right answer; a sign of life is looked for in a "
        "file that is not there, and in one that is old",
        {"checks": found},
    )


def _tried(bench: Bench, running: Running, service: Service, command: Command) -> dict[str, Json]:
    health = service.health
    if health is None or (bench.stack.adopted and not _names(command, health.port)):
        return _alone(bench, running, service, command)
    if health.kind == "heartbeat":
        return _file(running, service, health, command)
    if health.kind == "backup":
        return _dump(running, service, command)
    if not _names(command, health.port):
        return {"asks": f"port {health.port}", "wrong": None, "good": None}
    wrong: list[Json] = []
    good: list[int | None] = [None]

    def heard(line: str) -> None:
        for way, port in _ports(line):
            code = running.run(service.name, _elsewhere(command, health.port, port), _PROBE).exit_code
            if way == GOOD:
                good[0] = code
            else:
                wrong.append({"way": way, "exit_code": code})

    from_inside.beside(
        running, service.name, health.port, "false_server", health.kind, health.target, _PATIENCE,
        timeout=2 * _PATIENCE, line=heard,
    )  # fmt: skip
    if not wrong:
        raise ToolFailed(f"No server could be put beside {service.name}.", fix="Run the command again.")
    if health.kind == "command":  # no server of ours speaks what it asks: the real one must answer rightly
        good[0] = running.run(service.name, command, _PROBE).exit_code
    return {"asks": f"port {health.port}", "wrong": wrong, "good": good[0] if health.kind != "https" else 0}


def _names(command: Command, port: int) -> bool:
    return port > 0 and any(re.search(rf"\b{port}\b", word) for word in command)


def _alone(bench: Bench, running: Running, service: Service, command: Command) -> dict[str, Json]:
    """A command that names no port, of an adopted stack: tried in a container of the same image where nothing runs."""
    digest = next(state.image for state in running.states() if state.name == service.name)
    image = Image(bench.stack.name, digest, 0, "", ())  # by this name it is found again after a kill -9
    code = bench.workshop.run(image, command, timeout=_PROBE).exit_code
    wrong: list[Json] = [{"way": "nothing runs in the container", "exit_code": code}]
    return {"asks": "whatever it asks", "wrong": wrong, "good": running.run(service.name, command, _PROBE).exit_code}


def _ports(line: str) -> tuple[tuple[str, int], ...]:
    """The right answer last: the server ends with it."""
    if not line.startswith(f'{{"{PORTS}"'):
        return ()
    return tuple(sorted(json.loads(line)[PORTS].items(), key=lambda each: bool(each[0] == GOOD)))


def _elsewhere(command: Command, port: int, other: int) -> Command:
    return tuple(re.sub(rf"\b{port}\b", str(other), word) for word in command)


def _file(running: Running, service: Service, health: Health, command: Command) -> dict[str, Json]:
    name = health.target.rpartition("/")[2]
    if not any(word.endswith(name) for word in command):
        return {"asks": f"the file {name}", "wrong": None, "good": None}
    wrong: list[Json] = []
    for way, path in (("the file is not there", _NONE), ("the file is old", _OLD)):
        words = tuple(path if word.endswith(name) else word for word in command)
        wrong.append({"way": way, "exit_code": running.run(service.name, words, _PROBE).exit_code})
    return {"asks": f"the file {name}", "wrong": wrong, "good": running.run(service.name, command, _PROBE).exit_code}


def _dump(running: Running, service: Service, command: Command) -> dict[str, Json]:
    """The script reads from its environment where the dumps lie, and how young the newest must be."""
    ways = {
        "there is no dump": f"BACKUP_FOLDER={_NONE}",
        "the newest dump is old": f"BACKUP_EVERY_SECONDS=-{_LONG_AGO}",
    }
    wrong: list[Json] = [
        {"way": way, "exit_code": running.run(service.name, ("env", said, *command), _PROBE).exit_code}
        for way, said in ways.items()
    ]
    return {"asks": "the newest dump", "wrong": wrong, "good": running.run(service.name, command, _PROBE).exit_code}


def _judge(measurement: Measurement, _: Bounds) -> Judgement:
    checks = rows(measurement, "checks")
    if not checks:
        return unmeasured("no service has a health check")
    if problems := [problem for row in checks for problem in _problems(row)]:
        return held(problems, "")
    if unsure := [row for row in checks if row["good"] != 0]:
        said = ", ".join(f"{row['service']} (exit code {row['good']})" for row in unsure)
        return unmeasured(f"the check fails beside a server that answers rightly, too: {said}")
    ways = sum(len(rows_in(row, "wrong")) for row in checks)
    names = ", ".join(text(row, "service") for row in checks)
    return held((), f"{names}: {ways} wrong answers, and each check failed")


def _problems(row: Row) -> Iterator[str]:
    whose = f"the health check of {row['service']}"
    if row["wrong"] is None:
        yield f"{whose} does not ask {row['asks']}: `{row['command']}`"
        return
    if passed := [text(each, "way") for each in rows_in(row, "wrong") if each["exit_code"] == 0]:
        yield f"{whose} cannot fail: it passes where {' and where '.join(passed)} (`{row['command']}`)"


CLAIM = Claim(
    id="SP331-health-can-fail",
    group="running",
    says="Each health check fails where nobody listens, and where it is answered wrongly.",
    measure=_measure,
    judge=_judge,
)

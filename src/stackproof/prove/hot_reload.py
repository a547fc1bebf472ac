"""SP325: in development, a changed source file is served by every kind of service without a new image."""

import re
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from stackproof.errors import Unmeasurable
from stackproof.model.proof import Claim, Json, Judgement, Measurement
from stackproof.model.running import Bench, Running
from stackproof.model.stack import Bounds, NodeBuild, Service, Stack
from stackproof.prove import from_inside, imports, present
from stackproof.prove.verdicts import Late, Row, held, number, rows, texts, unmeasured

_PAUSE = 0.5
_STILL = 4  # answers in a row
_APPLICATION = re.compile(r"([A-Za-z_][\w.]*):[A-Za-z_]\w*(\(\))?")
_CELERY = re.compile(r"\s-A\s+([\w.]+)")
_PAGES = tuple(
    f"{page}.{kind}"
    for page in ("app/page", "src/app/page", "pages/index", "src/pages/index", "src/main", "src/index", "main")
    for kind in ("tsx", "jsx", "ts", "js")
)


@dataclass(frozen=True, slots=True)
class Change:
    """A line for the end of a file of the project that says the mark when it is run; `asked`: a path of the server."""

    path: str
    mark: str
    line: str
    asked: str = ""


def applies(stack: Stack) -> bool:
    return stack.environment == "dev" and any(_concerned(service) for service in stack.active())


def _concerned(service: Service) -> bool:
    return service.built and service.role in ("web", "worker", "front")


def _measure(bench: Bench) -> Measurement:
    running = bench.running()
    concerned = [service for service in present.services(running) if _concerned(service)]
    there = [service for service in concerned if service.software != "node" or _in_containers(bench)]
    if not there:
        raise Unmeasurable("On plain processes a front end runs on a copy.", fix="Prove the stack on docker.")
    found = {service.name: _change(bench, service, f"stackproof-{secrets.token_hex(6)}") for service in there}
    begun, bounds = running.now(), bench.stack.bounds
    for change in found.values():
        if change is not None:
            _append(bench.root() / change.path, change.line)
    changes = {name: change for name, change in found.items() if change is not None}
    told = _told(running, changes, begun, bounds.reload_seconds)
    healthy = {service.name: _answers(running, service, bounds.ready_seconds) for service in there}
    seen: list[Json] = [
        {"service": name, "path": change.path if change else None, "seconds": told.get(name), "healthy": healthy[name]}
        for name, change in found.items()
    ]
    return Measurement(
        f"{max(told.values()):.1f} s" if told else "nothing reloaded",
        "a line that says a mark, added to a source file of each service in the proof's own folder; the service's log, "
        "and what it serves, until the mark is there; then its health",
        {"seen": seen, "copied": [service.name for service in concerned if service not in there]},
    )


def _in_containers(bench: Bench) -> bool:
    """On plain processes a development server of Node.js runs on a copy, and sees a change at the next `up`."""
    try:
        return bool(bench.workshop)
    except Unmeasurable:
        return False


def _told(running: Running, changes: Mapping[str, Change], begun: float, within: float) -> dict[str, float]:
    """Seconds after which the mark of each service was there."""
    found: dict[str, float] = {}
    while True:
        for name, change in changes.items():
            if name not in found and _tells(running, running.stack.service(name), change):
                found[name] = running.now() - begun
        if len(found) == len(changes) or running.now() - begun >= within:
            return found
        running.pause(_PAUSE)


def _change(bench: Bench, service: Service, mark: str) -> Change | None:
    """None where nothing says which file the service loads."""
    if service.software == "node":
        build = next(build for build in bench.stack.node if build.name == service.build)
        return _of_page(bench, build, mark)
    words = " ".join(service.command)
    web = next((found[1] for word in service.command if (found := _APPLICATION.fullmatch(word))), "")
    celery = found[1] if (found := _CELERY.search(words)) else ""
    path = imports.file_of(bench, web or celery) if web or celery else None
    return Change(path, mark, f"print({mark!r}, flush=True)") if path else None


def _of_page(bench: Bench, build: NodeBuild, mark: str) -> Change | None:
    folder = f"{build.context}/" if build.context else ""
    for page in _PAGES:
        if f"{folder}{page}" in bench.tree.files:
            asked = "/" if build.framework == "next" else f"/{page}"
            return Change(f"{folder}{page}", mark, f"console.log({mark!r});", asked)
    return None


def _append(file: Path, line: str) -> None:
    """In place, as some mounts hold the file itself. It stays as it is: the folder is the proof's own."""
    with file.open("ab") as end:
        end.write(f"\n{line}\n".encode())


def _tells(running: Running, service: Service, change: Change) -> bool:
    """Whether the new line has been run, or is served to be run in the browser."""
    if change.asked and service.port:
        answers = from_inside.ask(running, service.name, service.port, (change.asked,), change.mark)
        if any(answer["marked"] for answer in answers):
            return True
    return change.mark in running.logs(service.name)


def _answers(running: Running, service: Service, within: float) -> float | None:
    """Seconds until its health says yes for a while: a reload of one file may follow on that of another."""
    begun, health = running.now(), service.health
    if health is None:
        return 0.0
    good = 0
    while health.kind == "http" and good < _STILL and running.now() - begun < within:
        (answer,) = from_inside.ask(running, service.name, health.port, (health.target,))
        good = good + 1 if answer["status"] == 200 else 0
        running.pause(_PAUSE)
    left = max(within - (running.now() - begun), 1.0)
    return None if running.wait_for(service.name, "healthy", left) is None else running.now() - begun


def _judge(measurement: Measurement, bounds: Bounds) -> Judgement:
    seen, limit = rows(measurement, "seen"), f"{bounds.reload_seconds:g} s"
    if problems := [problem for row in seen for problem in _problems(row, limit)]:
        return held(problems, "", limit)
    if unknown := [str(row["service"]) for row in seen if row["path"] is None]:
        return unmeasured(f"nothing says which source file {', '.join(unknown)} loads", limit)
    said = (f"{row['service']} ran the changed {row['path']} after {number(row, 'seconds'):.1f} s" for row in seen)
    copied = texts(measurement.observed, "copied")
    apart = f"; not asked, for on plain processes it runs on a copy: {', '.join(copied)}" if copied else ""
    return held((), f"{'; '.join(said)}; healthy again{apart}", limit)


def _problems(row: Row, limit: str) -> Iterator[str]:
    if row["path"] is None:
        return
    if row["seconds"] is None:
        yield Late(f"{row['service']} does not run the changed {row['path']} within {limit}")
    elif row["healthy"] is None:
        yield Late(f"{row['service']} was not healthy again after {row['path']} was changed")


CLAIM = Claim(
    id="SP325-hot-reload",
    group="running",
    says="In development, a changed source file is served by every kind of service without a new image.",
    measure=_measure,
    judge=_judge,
    rendered="it changes files under the mounts and commands that stackproof renders",
    long="a second stack",
    applies=applies,
)

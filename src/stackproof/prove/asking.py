"""Requests of the proof: with the headers that the settings give, through the entrance or of each replica by itself."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import cast

from stackproof.model.proof import Json
from stackproof.model.running import Bench, Running
from stackproof.model.stack import EnvironmentName, Service
from stackproof.prove import from_inside
from stackproof.prove.transactions import Ask
from stackproof.prove.verdicts import Row
from stackproof.tools.http import Answer

_SECRET = re.compile(r"@\{reveal\.([a-z0-9-]+)\}")


def headers(
    bench: Bench, more: Iterable[tuple[str, str]] = (), environment: EnvironmentName | None = None
) -> dict[str, str]:
    """Those of every request, and more; with the texts of the secrets that they name, of that environment."""
    given = (*bench.stack.headers, *more)
    return {name: _SECRET.sub(lambda found: bench.secret(found[1], environment), value) for name, value in given}


def known(bench: Bench, ask: Ask, more: Iterable[tuple[str, str]] = ()) -> Ask:
    """The same with those headers in each request: the application knows who asks."""
    own = headers(bench, more)

    def asked(method: str, url: str, *, body: bytes | None = None, headers: Mapping[str, str] | None = None) -> Answer:
        return ask(method, url, body=body, headers={**own, **(headers or {})} or None)

    return asked


def replicas(running: Running, service: str) -> tuple[int, ...]:
    """The numbers of those that run."""
    found = (each for each in running.states() if each.name == service and each.status == "running")
    return tuple(sorted(each.replica for each in found))


@dataclass(frozen=True, slots=True)
class Direct:
    """What one replica answered by itself, each time over a fresh connection; `text` is the last answer's body."""

    answers: tuple[Row, ...]
    text: str


def replica(
    running: Running, service: Service, number: int, path: str, own: Mapping[str, str], times: int, ask: Ask
) -> Direct:
    """From inside its container; one that is published is asked there, for only the runtime knows its port."""
    if way := _published(running, service.name):
        return _from_outside(way + path, own, times, ask)
    found, _ = from_inside.look(
        running, service.name, "asked", service.port, path, dict(own), times, timeout=20.0 + times, replica=number
    )
    return Direct(tuple(cast(list[Row], found["answers"])), str(found["text"]))


def _published(running: Running, service: str) -> str:
    """ "" where several share the way in, or where it leads to somebody else."""
    found = [each.address for each in running.states() if each.name == service]
    return found[0] if len(found) == 1 else ""


def _from_outside(url: str, own: Mapping[str, str], times: int, ask: Ask) -> Direct:
    answers = [ask("GET", url, headers=own) for _ in range(times)]
    rows = tuple(cast(Row, row(answer)) for answer in answers)
    return Direct(rows, answers[-1].body.decode("utf-8", "replace") if answers else "")


def row(answer: Answer) -> dict[str, Json]:
    """As `inside.asked` tells an answer."""
    import hashlib

    body = hashlib.sha256(answer.body).hexdigest() if answer.status else ""
    return {"status": answer.status, "body": body, "problem": answer.problem}

"""SP330: the process of each service has the variables that the stack gives it, to the letter."""

import re
from collections.abc import Iterator
from typing import cast

from stackproof.errors import Unmeasurable
from stackproof.model.proof import Claim, Json, Judgement, Measurement
from stackproof.model.running import Bench, Running
from stackproof.model.stack import Assignment, Bounds, Service
from stackproof.prove import from_inside, present
from stackproof.prove.verdicts import Row, held, row_in, rows, text, texts

_REFERENCE = re.compile(r"@\{(?!at\})[a-z0-9_.-]+\}")


def _measure(bench: Bench) -> Measurement:
    running = bench.running()
    found: list[Json] = [_of(running, each) for each in present.services(running) if each.python]
    if not found:
        raise Unmeasurable("No service of the project's own Python code runs here.", fix="There is nobody to ask.")
    total = sum(len(cast(list[Json], row["wanted"])) for row in cast(list[dict[str, Json]], found))
    return Measurement(
        f"{total} variables",
        "the environment of each service's main process as the kernel has it: every variable of the stack by its name, "
        "and those whose value is fixed and is neither an address nor a secret by their value",
        {"services": found},
    )


def _of(running: Running, service: Service) -> dict[str, Json]:
    given = [each for each in service.environment if each.value is not None]
    fixed = {each.name: (each.value or "").replace("@{at}", "@") for each in given if _is_fixed(each)}
    held_there, _ = from_inside.look(running, service.name, "main_process", [*fixed])
    named = set(cast(list[str], held_there["named"]))
    return {
        "service": service.name,
        "wanted": [each.name for each in given],
        "missing": [each.name for each in given if each.name not in named and not _may_be_unset(each)],
        "fixed": cast(Json, fixed),
        "held": held_there["held"],
    }


def _is_fixed(each: Assignment) -> bool:
    return not each.settable and not each.secret and not _REFERENCE.search(each.value or "")


def _may_be_unset(each: Assignment) -> bool:
    """A secret that may be missing leaves its variable unset; a default may be what no file can hold."""
    return "@{reveal." in (each.value or "") or each.settable


def _judge(measurement: Measurement, _: Bounds) -> Judgement:
    found = rows(measurement, "services")
    count = sum(len(texts(row, "wanted")) for row in found)
    names = ", ".join(text(row, "service") for row in found)
    return held((problem for row in found for problem in _problems(row)), f"{count} variables arrived in {names}")


def _problems(row: Row) -> Iterator[str]:
    yield from (f"{row['service']}: {name} is not set in its process" for name in texts(row, "missing"))
    fixed, there = row_in(row, "fixed") or {}, row_in(row, "held") or {}
    for name, value in fixed.items():
        if name in there and there[name] != value:
            yield f"{row['service']}: {name} is {there[name]!r} in its process, and not {value!r}"


CLAIM = Claim(
    id="SP330-variables-arrive",
    group="running",
    says="The process of each service has the variables that the stack gives it, to the letter.",
    measure=_measure,
    judge=_judge,
    company="looks",
)

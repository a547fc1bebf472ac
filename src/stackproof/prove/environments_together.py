"""SP324: development, stage and production are up at once, and nothing of one is another's."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from itertools import combinations

from stackproof.errors import NotHealthy, Taken, Unmeasurable, UserError
from stackproof.model.proof import Claim, Json, Judgement, Measurement
from stackproof.model.running import Bench, Running
from stackproof.model.stack import Bounds, EnvironmentName
from stackproof.prove import asking, present, written
from stackproof.prove.transactions import Ask
from stackproof.prove.verdicts import Row, held, row_in, rows, text, texts, unmeasured
from stackproof.prove.written import Written
from stackproof.tools.http import request

_NO_ANSWER = (0, 401, 403, 500, 502, 503, 504)  # of whoever could not look


def _measure(bench: Bench, ask: Ask = request) -> Measurement:
    running, own = bench.running(), bench.stack.environment
    taken: dict[str, Json] = {own: _taken(running)}  # raises where a runtime gives no names
    found: dict[EnvironmentName, Running] = {own: running}
    refused, answers, crossed = "", list[Json](), list[Json]()
    with ExitStack() as beside:
        for name in bench.others():
            try:
                found[name] = beside.enter_context(bench.other(name))
            except (Taken, NotHealthy) as problem:
                refused = f"{name} could not be brought up beside {', '.join(found)}: {_first(problem)}"
                break
            except UserError as problem:
                raise Unmeasurable(f"{name} could not be brought up: {_first(problem)}", fix=problem.fix) from problem
            taken[name] = _taken(found[name])
        if not refused:
            answers = [row for name, one in found.items() for row in _answers(name, one, ask)]
            crossed = [*_crossed(bench, found, ask)]
    left: dict[str, Json] = {name: _taken(one) for name, one in found.items() if name != own}
    total = sum(len(texts(row_in(taken, name) or {}, kind)) for name in taken for kind in row_in(taken, name) or {})
    return Measurement(
        f"{len(found)} environments, {total} names",
        "all environments brought up beside each other; what each has of the engine; their health routes asked; what "
        "was written in one read in the others; and what is left of them once they are down",
        {"refused": refused, "taken": taken, "answers": answers, "crossed": crossed, "left": left},
    )


def _first(problem: Exception) -> str:
    return str(problem).splitlines()[0][:300]


def _taken(running: Running) -> dict[str, Json]:
    return {kind: list[Json](names) for kind, names in running.takes().items()}


def _answers(environment: str, running: Running, ask: Ask) -> Iterator[dict[str, Json]]:
    """The health route of the proxy, or those of the published services."""
    proxy = running.stack.proxy
    for service in present.services(running):
        if proxy and service.name == proxy.service:
            path = proxy.health
        elif service.publish and service.health and service.health.kind == "http" and service.role != "observe":
            path = service.health.target
        else:
            continue
        answer = ask("GET", running.address(service.name) + path)
        yield {
            "environment": environment, "service": service.name, "path": path,
            "status": answer.status, "problem": answer.problem,
        }  # fmt: skip


def _crossed(bench: Bench, found: Mapping[EnvironmentName, Running], ask: Ask) -> Iterator[Json]:
    """What was written in the proof's own environment, and what the others say of it."""
    own = bench.stack.environment
    if not written.can(bench.stack):
        return
    for made in written.everything(bench, found[own], ask):
        here = _read(bench, found[own], own, made, ask) if not made.refusal else {}
        there = [
            {"environment": name, **_read(bench, running, name, made, ask)}
            for name, running in found.items()
            if name != own and not made.refusal
        ]
        yield {"what": made.what, "refusal": made.refusal, "here": here, "there": list[Json](there)}


def _read(bench: Bench, running: Running, environment: EnvironmentName, made: Written, ask: Ask) -> dict[str, Json]:
    """With that environment's own keys: one that is not let in sees nothing anyway."""
    own = asking.headers(bench, made.headers, environment)
    return asking.row(ask("GET", running.address(made.service) + made.path, headers=own or None))


def _judge(measurement: Measurement, _: Bounds) -> Judgement:
    found = measurement.observed
    crossed, answers = rows(measurement, "crossed"), rows(measurement, "answers")
    problems = [*(each for row in crossed for each in _seen(row)), *_shared(found), *_silent(answers), *_left(found)]
    if refused := text(found, "refused"):
        problems.insert(0, refused)
    if problems:
        return held(problems, "")
    if blind := [each for row in crossed for each in _blind(row)]:
        return unmeasured("; ".join(blind))
    names = list(row_in(found, "taken") or {})
    kinds = list(row_in(row_in(found, "taken") or {}, names[0]) or {})
    unseen = f"; {' and '.join(text(row, 'what') for row in crossed)} seen in none of the others" if crossed else ""
    return held((), f"{', '.join(names)} are up at once, share no {', no '.join(kinds)}, and each answers{unseen}")


def _shared(found: Row) -> Iterator[str]:
    taken = row_in(found, "taken") or {}
    for one, other in combinations(taken, 2):
        first, second = row_in(taken, one) or {}, row_in(taken, other) or {}
        for kind in first:
            for name in sorted(set(texts(first, kind)) & set(texts(second, kind))):
                yield f"{one} and {other} share the {kind} {name}"


def _silent(answers: tuple[Row, ...]) -> Iterator[str]:
    for row in answers:
        if row["status"] != 200:
            yield (
                f"{row['service']} of {row['environment']} answers {row['path']} with {row['status']} "
                f"{row['problem']}".rstrip()
            )


def _seen(row: Row) -> Iterator[str]:
    if row["refusal"]:
        yield text(row, "refusal")
        return
    here = row_in(row, "here") or {}
    for there in _told(row):
        if there["status"] == 200 and there["body"] == here["body"]:
            yield f"{row['what']} in one environment is seen in {there['environment']}"


def _blind(row: Row) -> Iterator[str]:
    for there in _told(row):
        if there["status"] in _NO_ANSWER:
            yield f"{there['environment']} could not be asked for {row['what']}: {there['status']} {there['problem']}"


def _told(row: Row) -> tuple[Row, ...]:
    return tuple(each for each in row["there"] if isinstance(each, dict)) if isinstance(row["there"], list) else ()


def _left(found: Row) -> Iterator[str]:
    for name, kinds in (row_in(found, "left") or {}).items():
        for kind, names in kinds.items() if isinstance(kinds, dict) else ():
            yield from (f"{kind} {each} of {name} was left behind" for each in names or ())  # type: ignore[union-attr]


CLAIM = Claim(
    id="SP324-environments-together",
    group="running",
    says="Development, stage and production are up at once; nothing of one is another's, and each answers.",
    measure=_measure,
    judge=_judge,
    rendered="the files given are one environment",
    long="the other environments' stacks",
)

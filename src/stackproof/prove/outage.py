"""A fault in one service after another: what broke, what turned red, what came back by itself, what was lost."""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import cycle

from stackproof.errors import Unmeasurable
from stackproof.model.parts import Proxy
from stackproof.model.proof import Claim, Company, Json, Judgement, Measurement
from stackproof.model.running import Bench, Running
from stackproof.model.stack import Bounds, Service, Stack
from stackproof.prove import acknowledged, asking, entrance, meanwhile, present, written
from stackproof.prove.acknowledged import Kept
from stackproof.prove.faults import Fault
from stackproof.prove.graceful_stop import again_within
from stackproof.prove.meanwhile import Asked, Meanwhile
from stackproof.prove.transactions import Ask
from stackproof.prove.verdicts import Row, held, number, rows, text, texts, unmeasured, whole
from stackproof.tools.http import Answer, request

_BACK_WITHIN = 60.0
_LOOK = 0.25
_LIMIT = f"back within {_BACK_WITHIN:g} s, 0 lost"
_BEFORE, _DURING = 2, 1  # times that everything is written
_hurried = partial(request, timeout=2.0)


def claim(id: str, fault: Fault, says: str) -> Claim:  # noqa: A002
    """About this fault in each service that it applies to."""

    def measured(bench: Bench, ask: Ask = _hurried, beside: Meanwhile = meanwhile.asking) -> Measurement:
        return measure(bench, fault, ask, beside)

    def judged(measurement: Measurement, _: Bounds) -> Judgement:
        return judge(measurement, fault)

    company: Company = "waits" if fault.until_red else "alone"
    return Claim(id, "fault", says, measured, judged, partial(applies, fault), company=company)


def applies(fault: Fault, stack: Stack) -> bool:
    return any(fault.applies(service, stack) for service in stack.services if not service.profiles)


def measure(bench: Bench, fault: Fault, ask: Ask, beside: Meanwhile) -> Measurement:
    running = bench.running()
    tried: list[tuple[dict[str, Json], tuple[Kept, ...]]] = []
    for service in concerned(running, fault):
        tried.append(_tried(bench, running, fault, service, ask, beside))
        if tried[-1][0]["back"] is None:
            break  # what is broken already cannot be broken again
    well = tried[-1][0]["back"] is not None  # what is broken for good can be asked for nothing
    missing = _missing(bench, running, [kept if well else () for _, kept in tried], ask)
    seen: list[Json] = [{**row, **lost} for (row, _), lost in zip(tried, missing, strict=True)]
    return Measurement(
        f"{len(seen)} services",
        f"{fault.says} One service after the other, with GET of the entrance every 0.1 s and the health of all "
        "services meanwhile; then until everything is healthy and the entrance answers, and at the end what was "
        "accepted before and during each of the faults is looked for",
        {"rows": seen, "counted": written.can(running.stack)},
    )


def concerned(running: Running, fault: Fault) -> tuple[Service, ...]:
    """Raises Unmeasurable where nothing that runs here is."""
    if found := tuple(each for each in present.services(running) if fault.applies(each, running.stack)):
        return found
    raise Unmeasurable("No service that this can happen to runs here.", fix="Prove the stack on docker.")


def entrances(running: Running, proxy: Proxy | None) -> tuple[str, ...]:
    """URLs: of each service behind the proxy; without one, the health of each published web service."""
    if proxy is not None and running.stack.has(proxy.service):
        here = entrance.of(running)
        return tuple(f"{here.https}{path}" for _, path in entrance.behind(proxy))
    found = tuple(_published(running, proxy))
    if not found:
        raise Unmeasurable("Nothing of the stack can be asked from outside.", fix="Publish a web service.")
    return found


def _published(running: Running, proxy: Proxy | None) -> Iterator[str]:
    """Where the proxy was left out, what it leads to is published."""
    if proxy is not None:
        there = (each for each in entrance.behind(proxy) if running.stack.has(each[0]))
        yield from (running.address(name) + path for name, path in there)
        return
    for each in present.of_role(running, "web"):
        if each.health and each.health.kind == "http" and each.publish:
            yield running.address(each.name) + each.health.target


def _tried(
    bench: Bench, running: Running, fault: Fault, service: Service, ask: Ask, beside: Meanwhile
) -> tuple[dict[str, Json], tuple[Kept, ...]]:
    """What was seen, and what was accepted."""
    known, ways = asking.known(bench, ask), entrances(running, bench.stack.proxy)
    kept = acknowledged.write(bench, running, ask, _BEFORE)
    turn, red = cycle(ways), dict[str, Json]()
    with beside(lambda: known("GET", next(turn))) as answers:
        with fault.inject(running, service.name):
            begun = running.now()
            kept += acknowledged.write(bench, running, ask, _DURING)
            _watch(running, fault, service.name, begun, red)
        ended = running.now()
        away = _come_back(running, ways, known, begun, red)
        back = None if away else running.now() - ended
    row: dict[str, Json] = {
        "service": service.name, **_broke(answers), "red": red, "must_see": fault.until_red, "lasted": ended - begun,
        "back": back, "away": [*away], "written": len(kept),
    }  # fmt: skip
    return row, kept


def _missing(bench: Bench, running: Running, written: list[tuple[Kept, ...]], ask: Ask) -> Iterator[dict[str, Json]]:
    """Of each fault. All at the end: a message that stays hidden for a while is waited for once."""
    until = running.now() + again_within(running.stack)
    for kept in written:
        lost = acknowledged.lost(bench, running, kept, until, ask)
        yield {"lost": len(lost), "missing": [*lost]}


def _broke(answers: Asked) -> dict[str, Json]:
    failed = [answer for answer in answers if entrance.failed(answer)]
    return {"asked": len(answers), "broke": len(failed), "words": _words(failed[0]) if failed else ""}


def _words(answer: Answer) -> str:
    return f"{answer.status} {answer.problem}".strip()


def _watch(running: Running, fault: Fault, service: str, begun: float, red: dict[str, Json]) -> None:
    while True:
        _look(running, begun, red)
        if (fault.until_red and service in red) or running.now() - begun >= fault.seconds:
            return
        running.pause(_LOOK)


def _look(running: Running, begun: float, red: dict[str, Json]) -> None:
    """Notes who is unhealthy, or not there, for the first time."""
    for state in running.states():
        kept_up = running.stack.has(state.name) and not running.stack.service(state.name).one_shot
        if kept_up and (state.health == "unhealthy" or state.status != "running"):
            red.setdefault(state.name, running.now() - begun)


def _come_back(
    running: Running, ways: tuple[str, ...], ask: Callable[[str, str], Answer], begun: float, red: dict[str, Json]
) -> tuple[str, ...]:
    """Nothing where all is well again; who is not after the limit, or for good, in words."""
    waiting = running.now()
    while True:
        _look(running, begun, red)
        away, for_good = _away(running)
        if not away and not (away := tuple(_silent(ways, ask))):
            return ()
        if for_good or running.now() - waiting >= _BACK_WITHIN:
            return away
        running.pause(_LOOK)


def _away(running: Running) -> tuple[tuple[str, ...], bool]:
    """Who is not as it should be, in words, and whether nobody will change that."""
    found, for_good = [], []
    names = {each.name: each for each in present.services(running)}
    for state in running.states():
        service = names.get(state.name)
        if service is None:
            continue
        if state.status == "exited" and service.restart == "no":
            for_good.append(f"{state.name} has ended (exit code {state.exit_code}), and nothing starts it again")
        elif state.status != "running" or (service.health and state.health != "healthy"):
            found.append(f"{state.name} is {state.health if state.status == 'running' else state.status}")
    return tuple(for_good or found), bool(for_good)


def _silent(ways: tuple[str, ...], ask: Callable[[str, str], Answer]) -> Iterator[str]:
    for way in ways:
        if entrance.failed(answer := ask("GET", way)):
            yield f"GET {way} is answered {_words(answer)}"


def judge(measurement: Measurement, fault: Fault) -> Judgement:
    seen = rows(measurement, "rows")
    if problems := [problem for row in seen for problem in _problems(row, fault)]:
        return held(problems, "", _LIMIT)
    if not measurement.observed["counted"]:
        why = "everything came back, but nothing says how something is written that could be lost: see [prove.task]"
        return unmeasured(why, _LIMIT)
    total = sum(whole(row, "written") or 0 for row in seen)
    return held((), "; ".join([*(_said(row) for row in seen), f"0 of {total} accepted writes lost"]), _LIMIT)


def _problems(row: Row, fault: Fault) -> Iterator[str]:
    service = f"{row['service']} {fault.did}"
    if row["must_see"] and row["service"] not in texts(row, "red"):
        yield f"{service}, and its health stayed green for {number(row, 'lasted'):.0f} s"
    if row["back"] is None:
        yield f"{service}, and it was not over by itself afterwards: {', '.join(texts(row, 'away'))}"
    if row["lost"]:
        missing = texts(row, "missing")
        yield f"{service}, and {row['lost']} of {row['written']} writes accepted around it are lost: {missing[0]}"


def _said(row: Row) -> str:
    red = row["red"]
    turned = ", ".join(f"{name} after {at:.1f} s" for name, at in red.items()) if isinstance(red, dict) else ""
    broke = f"{row['broke']} of {row['asked']} requests failed"
    return f"{text(row, 'service')}: {broke}, red: {turned or 'nothing'}, all back after {number(row, 'back'):.1f} s"

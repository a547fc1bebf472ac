"""SP417: at the stated rate, requests are answered within the limits that the user has set."""

from collections.abc import Iterator

from stackproof.model.proof import Claim, Json, Judgement, Measurement, Verdict
from stackproof.model.running import Bench
from stackproof.model.stack import Bounds
from stackproof.prove import asking, load_figures, under_load
from stackproof.prove.under_load import Sending
from stackproof.prove.verdicts import Late, Row, held, number, row_in, text, texts, unmeasured, whole
from stackproof.tools.open_loop import sending

# A refusal is believed where the requests themselves were sent at most this share of the limit too late.
_OWN_SHARE = 0.2


def _measure(bench: Bench, send: Sending = sending) -> Measurement:
    running = bench.running()
    pace = running.stack.pace
    way, paths = under_load.target(running)
    headers = asking.headers(bench)
    with send([way + path for path in paths], pace.rate, headers) as shots:
        running.pause(pace.seconds)
    found = load_figures.figures(shots, load_figures.ANY_ERROR)
    return Measurement(
        f"p95 {found['p95_ms']} ms at {pace.rate:g}/s",
        f"GET {', '.join(paths)} in turn, {pace.rate:g} times a second for {pace.seconds:g} s, each sent at its moment "
        "whether or not the ones before were answered; its time counts from that moment",
        {"rate": pace.rate, "seconds": pace.seconds, "paths": list[Json](paths), **found},
    )


def _judge(measurement: Measurement, bounds: Bounds) -> Judgement:
    found = measurement.observed
    if not whole(found, "sent"):
        return unmeasured("no request was sent")
    if bounds.load_p95_ms is None and bounds.load_error_share is None:
        because = f"no limit is set: {_said(found)}. Set load_p95_ms or load_error_share below [bounds]"
        return Judgement(Verdict.UNMEASURED, because, excused=True)
    limit = _limit(bounds)
    if not (problems := list(_problems(found, bounds))):
        return held((), _said(found), limit, timed=bounds.load_p95_ms is not None)
    if bounds.load_p95_ms and (number(found, "late_p95_ms") or 0.0) > bounds.load_p95_ms * _OWN_SHARE:
        return unmeasured(
            f"this machine sent requests {number(found, 'late_p95_ms'):.0f} ms too late (p95): {_said(found)}", limit
        )
    return held(problems, "", limit)


def _limit(bounds: Bounds) -> str:
    words = [f"p95 {bounds.load_p95_ms:g} ms"] if bounds.load_p95_ms is not None else []
    return ", ".join([*words, f"errors {_allowed(bounds):.1%}"])


def _allowed(bounds: Bounds) -> float:
    """Refusing quickly is no way to be quick."""
    return bounds.load_error_share or 0.0


def _problems(found: Row, bounds: Bounds) -> Iterator[str]:
    sent, errors = whole(found, "sent") or 0, whole(found, "errors") or 0
    if errors / sent > _allowed(bounds):
        yield f"{errors} of {sent} requests failed ({_kinds(found)})"
    p95 = number(found, "p95_ms")
    if bounds.load_p95_ms is not None and p95 is not None and p95 > bounds.load_p95_ms:
        yield Late(
            f"p95 is {p95:.0f} ms at {found['rate']:g} requests per second of {', '.join(texts(found, 'paths'))}"
        )


def _kinds(found: Row) -> str:
    return ", ".join(f"{times} x {kind}" for kind, times in (row_in(found, "kinds") or {}).items())


def _said(found: Row) -> str:
    failed = f"{found['errors']} failed ({_kinds(found)})" if found["errors"] else "none failed"
    times = ", ".join(f"p{share} {text(found, f'p{share}_ms')} ms" for share in (50, 95, 99))
    return f"{found['sent']} requests, {number(found, 'per_second'):.1f} answered per second, {failed}; {times}"


CLAIM = Claim(
    id="SP417-load-kept",
    group="running",
    says="At the stated rate, requests are answered within the limits that you have set.",
    measure=_measure,
    judge=_judge,
    applies=under_load.has_web,
    long="load",
)

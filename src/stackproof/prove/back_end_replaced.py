"""SP404: a service behind the proxy whose containers are replaced is found again at its new address."""

from collections.abc import Callable

from stackproof.model.proof import Claim, Json, Judgement, Measurement
from stackproof.model.running import Bench, Running
from stackproof.model.stack import Bounds
from stackproof.prove import entrance, present
from stackproof.prove.entrance import Entrance
from stackproof.prove.verdicts import Late, Row, held, number, rows, texts, unmeasured
from stackproof.tools.http import Answer

_LIMIT = 15.0  # seconds from the health of the new containers on
_STILL = 5.0  # seconds without a failed answer, before one believes it
_READY_WITHIN = 120.0
_PAUSE = 0.2
Ask = Callable[[str, str], Answer]


def _measure(bench: Bench, ask: Ask = entrance.patiently) -> Measurement:
    running = bench.running()
    here = entrance.of(running)
    behind = tuple(entrance.behind(here.proxy))
    found = [_replaced(running, here, service, path, ask) for service, path in behind]
    again = sum(row["seconds"] is not None for row in found)
    return Measurement(
        f"{again} of {len(found)} found again",
        "each service behind the proxy in turn: its containers removed and made anew at other addresses; then GET "
        f"through the proxy until no answer fails for {_STILL:g} s",
        {"replaced": list[Json](found)},
    )


def _replaced(running: Running, here: Entrance, service: str, path: str, ask: Ask) -> dict[str, Json]:
    before = present.addresses(running, service)
    running.replace(service)
    ready = running.wait_for(service, "healthy", _READY_WITHIN)
    seconds, failed, words = _found_again(running, f"{here.https}{path}", ask) if ready is not None else (None, 0, "")
    return {
        "service": service, "path": path, "before": before, "after": present.addresses(running, service),
        "ready": ready is not None, "seconds": seconds, "failed": failed, "words": words,
    }  # fmt: skip


def _found_again(running: Running, url: str, ask: Ask) -> tuple[float | None, int, str]:
    """Seconds until answers are good and stay so, None if they never are; how many failed, and the last that did."""
    begun = good_since = running.now()
    failed, words = 0, ""
    while good_since - begun <= _LIMIT:
        answer = ask("GET", url)
        if entrance.failed(answer):
            failed, words = failed + 1, f"{answer.status} {answer.problem}".rstrip()
            good_since = running.now()
        elif running.now() - good_since >= _STILL:
            return good_since - begun, failed, words
        running.pause(_PAUSE)
    return None, failed, words


def _judge(measurement: Measurement, _: Bounds) -> Judgement:
    replaced = rows(measurement, "replaced")
    limit = f"{_LIMIT:g} s"
    if problems := [problem for row in replaced if (problem := _problem(row))]:
        return held(problems, "", limit)
    if same := [str(row["service"]) for row in replaced if set(texts(row, "before")) & set(texts(row, "after"))]:
        return unmeasured(f"the new containers of {', '.join(same)} got an old address", limit)
    return held((), "; ".join(_said(row) for row in replaced), limit)


def _problem(row: Row) -> str:
    if not row["ready"]:
        return Late(f"new containers of {row['service']} were not healthy within {_READY_WITHIN:g} s")
    if row["seconds"] is None:
        return (
            f"{row['path']} still fails {_LIMIT:g} s after the new containers of {row['service']} are healthy "
            f"({row['failed']} times, the last time {row['words']}): the proxy keeps to the old address"
        )
    return ""


def _said(row: Row) -> str:
    return (
        f"{row['service']} at its new address is found {number(row, 'seconds') or 0.0:.1f} s after it is healthy "
        f"({row['failed']} failed answers until then)"
    )


CLAIM = Claim(
    id="SP404-back-end-replaced",
    group="fault",
    says="A service that comes back at another address is found again by the proxy: no lasting 502.",
    measure=_measure,
    judge=_judge,
    applies=entrance.has_proxy,
)

"""SP312: the proxy keeps files that never change: the second request for one is answered from its cache."""

import hashlib
import re
from collections.abc import Callable

from stackproof.errors import Unmeasurable
from stackproof.model.parts import Route
from stackproof.model.proof import Claim, Json, Judgement, Measurement
from stackproof.model.running import Bench, Running
from stackproof.model.stack import Bounds
from stackproof.prove import entrance
from stackproof.prove.verdicts import Row, held, row_in, rows_in, text, unmeasured
from stackproof.tools.http import Answer

_WITHIN = 10.0  # seconds: the first answer may be with us before nginx has put the file in its place
_PAUSE = 0.2
_LIMIT = "HIT"
Ask = Callable[[str, str], Answer]


def _measure(bench: Bench, ask: Ask = entrance.patiently) -> Measurement:
    running = bench.running()
    here = entrance.of(running)
    route = next((one for one in here.proxy.routes if one.cached), None)
    if route is None:
        raise Unmeasurable("No service of the cached route runs here.", fix="Prove the stack on docker.")
    page = ask("GET", f"{here.https}/")
    found = _file(page, route)
    # A query of its own makes it a file that nobody has asked for.
    url = f"{here.https}{found}?stackproof={int(running.now() * 1000)}"
    first = ask("GET", url) if found else None
    again = _again(running, url, ask) if found else []
    return Measurement(
        f"{text(again[-1], 'cache') or 'no cache'}" if again else "no file",
        "GET of a file that the front page names, with a query that nobody has used, and again until the answer comes "
        "from the cache; X-Cache of each answer, and a hash of its body",
        {
            "page": page.status,
            "prefix": route.prefix,
            "file": found,
            "first": _row(first) if first else None,
            "again": list[Json](again),
        },
    )


def _file(page: Answer, route: Route) -> str:
    """The first that the page names below the route, "" where it names none."""
    found = re.search(rf"""["']({re.escape(route.prefix)}[^"'\\\s?#]+)""", page.body.decode("utf-8", "replace"))
    return found[1] if found else ""


def _again(running: Running, url: str, ask: Ask) -> list[dict[str, Json]]:
    begun = running.now()
    found: list[dict[str, Json]] = []
    while not found or (found[-1]["cache"] != "HIT" and running.now() - begun < _WITHIN):
        running.pause(_PAUSE if found else 0.0)
        found.append(_row(ask("GET", url)))
    return found


def _row(answer: Answer) -> dict[str, Json]:
    return {
        "status": answer.status, "problem": answer.problem, "cache": answer.header("X-Cache"),
        "body": hashlib.sha256(answer.body).hexdigest(), "bytes": len(answer.body),
        "lasts": answer.header("Cache-Control"),
    }  # fmt: skip


def _judge(measurement: Measurement, _: Bounds) -> Judgement:
    found = measurement.observed
    first, again = row_in(found, "first"), rows_in(found, "again")
    if first is None:
        return unmeasured(f"the page / was answered {found['page']} and names no file below {found['prefix']}", _LIMIT)
    last = again[-1]
    said = f"{found['file']}: {first['cache']}, then {last['cache']}, the same {last['bytes']} bytes"
    return held(_problems(text(found, "file"), first, last, len(again)), said, _LIMIT)


def _problems(file: str, first: Row, last: Row, times: int) -> tuple[str, ...]:
    if bad := next((row for row in (first, last) if row["status"] != 200), None):
        return (f"{file} is answered {bad['status']} {bad['problem']}".rstrip(),)
    if first["cache"] == "HIT":
        return (f"{file} came from the cache although nobody had asked for it: its key leaves the query out",)
    if last["cache"] != "HIT":
        lasts = f" (Cache-Control: {last['lasts'] or 'none'})"
        return (f"{file} was asked for {times + 1} times, and X-Cache still says {last['cache'] or 'nothing'}{lasts}",)
    if first["body"] != last["body"]:
        return (f"the cache answers {last['bytes']} bytes for {file}, and other ones than the front end",)
    return ()


CLAIM = Claim(
    id="SP312-cache-hit",
    group="running",
    says="A file that never changes is answered from the proxy's cache the second time, with the same bytes.",
    measure=_measure,
    judge=_judge,
    applies=entrance.has_cache,
)

"""SP209: nothing that a stack stands on is past the end of its support on the day of the proof."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime

from stackproof.model import support
from stackproof.model.builds import Build, NodeBuild
from stackproof.model.proof import Claim, Json, Judgement, Measurement
from stackproof.model.running import Bench
from stackproof.model.stack import Bounds, Stack
from stackproof.prove import images
from stackproof.prove.verdicts import Row, held, row_in, rows, text, unmeasured

_TAG = re.compile(r"(?:.*/)?(?P<software>[a-z-]+):v?(?P<version>\d+(?:\.\d+)*)(?P<more>[\w.-]*)")
_WARNED = 183  # days: half a year
_Found = tuple[str, str, str]  # software, version, where that was read


def _measure(bench: Bench) -> Measurement:
    told, done = images.look(bench, "packages", 0, user="0:0")
    found = dict.fromkeys([*_inside(bench.stack.build, told), *_tags(bench.stack)])
    seen: list[Json] = [_row(*each) for each in found]
    day = datetime.now(UTC).date()
    return Measurement(
        "; ".join(_soonest(tuple(row for row in seen if isinstance(row, dict)))),
        "Python and Debian as the built image has them, everything else as the tags of the images say; against our "
        "table of ends of support",
        {"day": day.isoformat(), "table_checked": support.CHECKED.isoformat(), "seen": seen},
        raw=(done,),
    )


def _inside(build: Build, told: Row) -> Iterator[_Found]:
    release, markers = row_in(told, "release") or {}, row_in(told, "markers") or {}
    where = f"the image {build.name}"
    yield "python", text(markers, "python_full_version"), where
    if release.get("ID") == "debian" and "VERSION_ID" in release:
        yield "debian", text(release, "VERSION_ID"), where


def _tags(stack: Stack) -> Iterator[_Found]:
    built = [build for _, build in stack.images() if isinstance(build, NodeBuild)]
    bases = [base for build in built for base in (build.base, build.server) if base]
    for tag in dict.fromkeys([*bases, *(service.image for service in stack.services if not service.built)]):
        if found := _TAG.fullmatch(tag.split("@")[0]):
            yield found["software"], found["version"], tag
            named = (number for name, number in support.CODENAMES.items() if name in found["more"].split("-"))
            yield from (("debian", number, tag) for number in named)


def _row(software: str, version: str, where: str) -> dict[str, Json]:
    known = support.line(software, version)
    return {
        "software": software, "version": version, "where": where, "known": known is not None,
        "ends": known.ends.isoformat() if known and known.ends else None,
        "source": support.SOURCES.get(software, ""),
    }  # fmt: skip


def _soonest(seen: tuple[Row, ...]) -> list[str]:
    dated = sorted((row for row in seen if row["ends"]), key=lambda row: text(row, "ends"))
    return [f"{row['software']} {row['version']} until {row['ends']}" for row in dated[:2]]


def _judge(measured: Measurement, _: Bounds) -> Judgement:
    seen, day = rows(measured, "seen"), date.fromisoformat(text(measured.observed, "day"))
    known = [row for row in seen if row["known"]]
    limit = f"on {day.isoformat()}"
    if not known:
        return unmeasured("nothing of the stack stands in our table of ends of support", limit)
    problems = (f"{_named(row)} is out of support since {row['ends']} ({row['source']})" for row in _within(known, day))
    soon = [f"; soon: {_named(row)} ends on {row['ends']}" for row in _within(known, day, _WARNED)]
    undated = [text(row, "software") for row in known if not row["ends"]]
    without = f"; no end announced: {', '.join(dict.fromkeys(undated))}" if undated else ""
    unknown = [text(row, "software") for row in seen if not row["known"]]
    more = f"; not in the table: {', '.join(dict.fromkeys(unknown))}" if unknown else ""
    return held(problems, f"{len(known)} lines of releases are in support{''.join(soon)}{without}{more}", limit)


def _within(known: list[Row], day: date, days: int = -1) -> list[Row]:
    """Those whose support ends within so many days; -1: that it has ended."""
    return [row for row in known if row["ends"] and (date.fromisoformat(text(row, "ends")) - day).days <= days]


def _named(row: Row) -> str:
    return f"{row['software']} {row['version']} ({row['where']})"


CLAIM = Claim(
    id="SP209-supported-versions",
    group="image",
    says="Debian, Python, Node, Redis, PostgreSQL and nginx of the stack get security fixes on the day of the proof.",
    measure=_measure,
    judge=_judge,
)

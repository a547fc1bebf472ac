"""SP210: no Python package of the image has a known advisory of the severity that the user set, or above."""

from collections.abc import Iterator

from stackproof.errors import Unmeasurable
from stackproof.model.proof import Claim, Json, Judgement, Measurement
from stackproof.model.proving import SEVERITIES
from stackproof.model.running import Bench
from stackproof.model.stack import Bounds
from stackproof.prove import advisories, images
from stackproof.prove.advisories import Known
from stackproof.prove.pins import normalised
from stackproof.prove.verdicts import Row, held, rows, rows_in, text, texts, unmeasured, whole


def _measure(bench: Bench) -> Measurement:
    path = bench.advisories()
    if path is None:
        raise Unmeasurable(
            "no advisory data", fix="Name an OSV database, a folder or a zip file, in `[prove] advisories`."
        )
    told, done = images.look(bench, "packages", 0, user="0:0")
    packages = dict.fromkeys(
        (normalised(text(row, "name")), text(row, "version"))
        for kind in ("python", "elsewhere")
        for row in rows_in(told, kind)
    )
    database = advisories.read(path, frozenset(name for name, _ in packages))
    found: list[Json] = [_row(each) for package in packages for each in advisories.known(database, *package)]
    return Measurement(
        f"{len(packages)} packages, {database.count} advisories as of {database.newest[:10] or 'no day'}",
        "every installed Python distribution, name and version, against the ranges and versions of an OSV database; "
        "one advisory under several names counts once",
        {"packages": len(packages), "advisories": database.count, "newest": database.newest, "found": found},
        raw=(done,),
    )


def _row(each: Known) -> dict[str, Json]:
    return {
        "package": each.package, "version": each.version, "ids": list(each.ids), "severity": each.severity,
        "fixed": list(each.fixed), "summary": each.summary,
    }  # fmt: skip


def _judge(measured: Measurement, bounds: Bounds) -> Judgement:
    limit = f"{bounds.severity} or above"
    if not whole(measured.observed, "advisories"):
        return unmeasured("the advisory data has nothing about packages of Python", limit)
    found = rows(measured, "found")
    counted = [row for row in found if _counts(row, bounds)]
    below = f"; {len(found) - len(counted)} below that" if len(found) > len(counted) else ""
    return held(_problems(counted), f"nothing known against {measured.figure}{below}", limit)


def _counts(row: Row, bounds: Bounds) -> bool:
    """One of unknown severity may be a bad one."""
    said = text(row, "severity")
    return said not in SEVERITIES or SEVERITIES.index(said) >= SEVERITIES.index(bounds.severity)


def _problems(found: list[Row]) -> Iterator[str]:
    for row in found:
        fixed = texts(row, "fixed")
        until = f"fixed in {', '.join(fixed)}" if fixed else "not fixed yet"
        yield f"{row['package']} {row['version']}: {'/'.join(texts(row, 'ids'))} ({row['severity']}, {until})"


CLAIM = Claim(
    id="SP210-no-known-advisories",
    group="image",
    says="No Python package of the image has a known advisory of the severity `severity` or above.",
    measure=_measure,
    judge=_judge,
)

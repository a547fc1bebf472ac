"""SP203: each image's own configuration makes its processes run as a numeric user other than root."""

import re

from stackproof.model.proof import Claim, Json, Judgement, Measurement
from stackproof.model.running import Bench, Completed
from stackproof.model.stack import AnyBuild, Bounds, Build
from stackproof.prove import images
from stackproof.prove.verdicts import Row, held, rows

_NUMERIC = re.compile(r"(\d+)(:\d+)?")


def _measure(bench: Bench) -> Measurement:
    looks = [_look(bench, build) for _, build in bench.stack.images()]
    found: list[Json] = [row for row, _ in looks]
    return Measurement(
        figure="; ".join(f"uid {row['uid']}, gid {row['gid']}" for row, _ in looks),
        how="user in the configuration of each image, and the ids of a process in a container of it, started without a "
        "user",
        observed={"images": found},
        raw=tuple(done for _, done in looks),
    )


def _look(bench: Bench, build: AnyBuild) -> tuple[dict[str, Json], Completed]:
    found, done = images.look(bench, "user") if isinstance(build, Build) else _ids(bench, build)
    return {"name": build.name, "configured": bench.image(build.name).image.user, **found}, done


def _ids(bench: Bench, build: AnyBuild) -> tuple[dict[str, Json], Completed]:
    done = images.shell(bench, build.name, "id -ru; id -u; id -rg; id -G")
    uid, effective, gid, *groups = (int(word) for word in done.output.split())
    return {"uid": uid, "effective_uid": effective, "gid": gid, "groups": [*sorted(groups)]}, done


def _judge(measured: Measurement, _: Bounds) -> Judgement:
    found = rows(measured, "images")
    problems = (f"{images.named(found, row)}{problem}" for row in found if (problem := _problem(row)))
    return held(
        problems, "; ".join(f"{images.named(found, row)}configured and running as {row['configured']}" for row in found)
    )


def _problem(row: Row) -> str:
    configured, uid, effective = str(row["configured"]), row["uid"], row["effective_uid"]
    found = _NUMERIC.fullmatch(configured)
    if not configured:
        return "the image names no user, so its processes run as root"
    if found is None:
        return f"the image's user is the name {configured!r}: a cluster cannot tell that this is not root"
    if int(found[1]) == 0 or 0 in (uid, effective):
        return f"the image's user {configured!r} is root (its process had uid 0)"
    if uid != int(found[1]) or effective != uid:
        return f"the image's user is {configured}, its process had uid {uid}"
    return ""


CLAIM = Claim(
    id="SP203-non-root-image",
    group="image",
    says="Every image runs as a numeric user that is not root.",
    measure=_measure,
    judge=_judge,
    company="looks",
)

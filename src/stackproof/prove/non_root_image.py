"""SP203: the image's own configuration makes its processes run as a numeric user other than root."""

import re

from stackproof.model.proof import Claim, Judgement, Measurement, Verdict
from stackproof.model.running import Bench
from stackproof.model.stack import Bounds
from stackproof.prove import images

_NUMERIC = re.compile(r"(\d+)(:\d+)?")


def _measure(bench: Bench) -> Measurement:
    configured = bench.image().image.user
    found, done = images.look(bench, "user")
    return Measurement(
        figure=f"uid {found['uid']}, gid {found['gid']}",
        how="user in the image's configuration, and the ids of a process in a container of it, started without a user",
        observed={"configured": configured, **found},
        raw=(done,),
    )


def _judge(measured: Measurement, _: Bounds) -> Judgement:
    observed = measured.observed
    configured = str(observed["configured"])
    found = _NUMERIC.fullmatch(configured)
    if not configured:
        return Judgement(Verdict.REFUTED, "the image names no user, so its processes run as root")
    if found is None:
        return Judgement(
            Verdict.REFUTED, f"the image's user is the name {configured!r}: a cluster cannot tell that this is not root"
        )
    if int(found[1]) == 0 or 0 in (observed["uid"], observed["effective_uid"]):
        return Judgement(Verdict.REFUTED, f"the image's user {configured!r} is root (its process had uid 0)")
    if observed["uid"] != int(found[1]) or observed["effective_uid"] != observed["uid"]:
        return Judgement(Verdict.REFUTED, f"the image's user is {configured}, its process had uid {observed['uid']}")
    return Judgement(Verdict.PROVED, f"configured and running as {configured}")


CLAIM = Claim(
    id="SP203-non-root-image",
    group="image",
    says="The image runs as a numeric user that is not root.",
    measure=_measure,
    judge=_judge,
)

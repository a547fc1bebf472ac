"""SP204: the user that the application runs as can change neither its code nor its packages."""

from typing import cast

from stackproof.model.proof import Claim, Json, Judgement, Measurement, Verdict
from stackproof.model.running import Bench
from stackproof.model.stack import AnyBuild, Bounds, GivenBuild
from stackproof.prove import images

_ROOTS = ("/app", "/opt/stackproof")
_MOST = 20


def _measure(bench: Bench) -> Measurement:
    mounts = {mount.path for service in bench.stack.services for mount in service.mounts if mount.volume}
    volumes: list[Json] = [*sorted(mounts)]
    roots: list[Json] = [*_roots(bench.stack.python_build)]
    found, done = images.look(bench, "writable", roots, volumes, _MOST)
    return Measurement(
        figure=f"{found['looked_at']} files and folders",
        how="every file and folder of the application, of its environment, of Python's import path and above them, "
        "looked at by the runtime user in a container whose file system is not read-only",
        observed={**found, "volumes": volumes},
        raw=(done,),
    )


def _roots(build: AnyBuild) -> tuple[str, ...]:
    """A Dockerfile of the user's own says by WORKDIR where the application is."""
    return tuple({build.work_dir} - {"/"}) if isinstance(build, GivenBuild) else _ROOTS


def _judge(measured: Measurement, _: Bounds) -> Judgement:
    observed = measured.observed
    writable = cast(list[str], observed["writable"])
    if observed["uid"] == 0:
        return Judgement(Verdict.REFUTED, "the application runs as root, who can write to everything")
    if writable:
        return Judgement(
            Verdict.REFUTED, f"uid {observed['uid']} can write to {', '.join(writable[:5])}{_more(writable)}"
        )
    if observed["root_read_only"]:
        return Judgement(Verdict.UNMEASURED, "the container's file system was read-only, which hides the file modes")
    return Judgement(
        Verdict.PROVED, f"uid {observed['uid']} can write to none of {observed['looked_at']} files and folders"
    )


def _more(writable: list[str]) -> str:
    if len(writable) <= 5:
        return ""
    return " and more"


CLAIM = Claim(
    id="SP204-code-read-only",
    group="image",
    says="The runtime user can write neither to the application's code nor to its packages.",
    measure=_measure,
    judge=_judge,
    company="looks",
)

"""SP201: every image builds within the limit, with nothing cached."""

from pathlib import Path

from stackproof.model.proof import Claim, Json, Judgement, Measurement
from stackproof.model.running import Bench
from stackproof.model.stack import AnyBuild, Bounds, Build
from stackproof.prove import images
from stackproof.prove.verdicts import Late, held, number, rows


def _measure(bench: Bench) -> Measurement:
    with bench.context() as folder:
        found: list[Json] = [_built(bench, folder, build) for _, build in bench.stack.images()]
    times = [
        f"{row['cold_seconds']:.1f} s cold, {row['warm_seconds']:.1f} s warm" for row in found if isinstance(row, dict)
    ]
    return Measurement(
        figure="; ".join(times),
        how="each image built twice: first without any layer or download cache, then with the cache that the "
        "stack's own build left, nothing changed",
        observed={"images": found},
    )


def _built(bench: Bench, folder: Path, build: AnyBuild) -> dict[str, Json]:
    with images.built(bench, folder, f"cold-{build.name}", cold=True, image=build) as first:
        cold = first.seconds
    bench.image("" if isinstance(build, Build) else build.name)  # a cold build leaves no cache behind; this one does
    with images.built(bench, folder, f"warm-{build.name}", image=build) as second:
        return {"name": build.name, "cold_seconds": cold, "warm_seconds": second.seconds}


def _judge(measured: Measurement, bounds: Bounds) -> Judgement:
    found, limit = rows(measured, "images"), f"{bounds.build_seconds:g} s"
    late = [row for row in found if (number(row, "cold_seconds") or 0.0) > bounds.build_seconds]
    problems = (
        Late(f"the cold build of {row['name']} took {row['cold_seconds']:.1f} s, which is more than {limit}")
        for row in late
    )
    taken = ", ".join(f"{row['name']} {row['cold_seconds']:.1f} s" for row in found)
    return held(problems, f"the cold build took: {taken}", limit, timed=True)


CLAIM = Claim(
    id="SP201-build-time",
    group="image",
    says="Every image builds within `build_seconds`, with nothing cached.",
    measure=_measure,
    judge=_judge,
    long="cold builds",
    company="builds",
)

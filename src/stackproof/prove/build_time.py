"""SP201: the image builds within the limit, with nothing cached."""

from typing import cast

from stackproof.model.proof import Claim, Judgement, Measurement, Verdict
from stackproof.model.running import Bench
from stackproof.model.stack import Bounds
from stackproof.prove import images


def _measure(bench: Bench) -> Measurement:
    with bench.context() as folder:
        with images.built(bench, folder, "cold", cold=True) as first:
            cold = first.seconds
        with images.built(bench, folder, "warm") as second:
            warm = second.seconds
    return Measurement(
        figure=f"{cold:.1f} s cold, {warm:.1f} s warm",
        how="built twice: first without any layer or download cache, then once more with nothing changed",
        observed={"cold_seconds": cold, "warm_seconds": warm},
    )


def _judge(measured: Measurement, bounds: Bounds) -> Judgement:
    cold = cast(float, measured.observed["cold_seconds"])
    limit = f"{bounds.build_seconds:g} s"
    if cold <= bounds.build_seconds:
        return Judgement(Verdict.PROVED, f"the cold build took {cold:.1f} s", limit)
    return Judgement(Verdict.REFUTED, f"the cold build took {cold:.1f} s, which is more than {limit}", limit)


CLAIM = Claim(
    id="SP201-build-time",
    group="image",
    says="The image builds within `build_seconds`, with nothing cached.",
    measure=_measure,
    judge=_judge,
)

"""What happened around a measurement, and what that leaves of its verdict. Nothing disturbed is ever refuted by it."""

import math
from collections.abc import Iterator
from dataclasses import replace

from stackproof.model.proof import Judgement, Measurement, Verdict
from stackproof.model.surroundings import Disturbance, Surroundings

_MINUTE = 60.0  # the kernel's shortest average of the load
_FRESH = 20.0  # seconds: the kernel counts every 5, so that a shorter time is guessed from too few counts
_JUMP = 1.0  # seconds; a clock that is only pulled straight moves by half a thousandth
_STOLEN = 0.1  # share of the processor time


def between(before: Surroundings, after: Surroundings) -> tuple[Disturbance, ...]:
    """What a measurement that lay between the two looks may have suffered from."""
    return tuple(_found(before, after))


def weighed(judgement: Judgement, group: str, measurement: Measurement, found: tuple[Disturbance, ...]) -> Judgement:
    """The judgement as it was, or unmeasured where what disturbed it may be why it says so.

    Proved in spite of a busy machine is proved. A time over its limit on a machine with more work than cores says
    nothing; a user who is root is root on a busy machine, too. A clock that jumped makes every time wrong, also a good
    one. Files and settings know neither time nor engine.
    """
    reasons = [each.said for each in found if _explains(each, judgement, group)]
    if judgement.verdict is Verdict.REFUTED:
        reasons += [f"our time limit ended {done.argv[0]}" for done in measurement.raw if done.exit_code is None]
    if not reasons:
        return judgement
    said = ", ".join(dict.fromkeys(reasons))
    said = f"disturbed: {said}. Otherwise it would be {judgement.verdict}: {judgement.because}"
    return replace(judgement, verdict=Verdict.UNMEASURED, because=said)


def _explains(disturbance: Disturbance, judgement: Judgement, group: str) -> bool:
    refuted = judgement.verdict is Verdict.REFUTED
    if disturbance.kind == "clock":
        return (refuted and group != "source") or (judgement.timed and judgement.verdict is Verdict.PROVED)
    if disturbance.kind == "engine":
        return refuted and group != "source"
    return refuted and judgement.timed


def _found(before: Surroundings, after: Surroundings) -> Iterator[Disturbance]:
    seconds = after.steady - before.steady
    if (load := _load(before.load, after.load, seconds)) > after.cores:
        yield Disturbance("load", f"load {load:.1f} on {_cores(after.cores)}")
    stolen = (after.stolen - before.stolen) / (seconds * after.cores) if seconds > 0 else 0.0
    if stolen > _STOLEN:
        yield Disturbance("stolen", f"the hypervisor kept {stolen:.0%} of the processor time")
    if abs(jump := after.wall - before.wall - seconds) > _JUMP:
        yield Disturbance("clock", f"the clock jumped by {jump:+.1f} s, or the machine slept")
    if before.engine != after.engine:
        yield Disturbance("engine", "the container engine was restarted")


def _load(before: float, after: float, seconds: float) -> float:
    """The mean between two looks at the kernel's average, which forgets by half a minute or so what was before.

    The average is `before` fading with e^(-t/60) and the load meanwhile coming in its place.
    """
    if seconds < _FRESH:
        return after
    faded = math.exp(-seconds / _MINUTE)
    return (after - before * faded) / (1 - faded)


def _cores(number: int) -> str:
    return "1 core" if number == 1 else f"{number} cores"

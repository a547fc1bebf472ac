"""A seed becomes synthetic light curves: box-shaped dips in noise, and stars that look alike."""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from exoplanet.curves import Curve, Floats, evenly

Star: TypeAlias = Callable[[np.random.Generator, Floats], Floats]

_NOISE = 5e-4


def observed(star: Star, rng: np.random.Generator, points: int) -> Curve:
    """One point in half an hour, with noise and with a twentieth of the points lost."""
    time = evenly(points)
    time = time[np.sort(rng.choice(points, points * 19 // 20, replace=False))]
    flux = 1 + star(rng, time) + rng.normal(0, _NOISE, len(time))
    return Curve(time, np.round(flux, 6))


def planet(rng: np.random.Generator, time: Floats) -> Floats:
    spots = _waves(rng, time) if rng.random() < 0.3 else 0
    period, duration = _orbit(rng, time)
    # From what an ideal search just finds to what an eye sees.
    seen = max(1.0, time.size * duration / period)
    depth = _NOISE * np.exp(rng.uniform(np.log(9), np.log(250))) / np.sqrt(seen)
    flux: Floats = spots - depth * _dips(rng.uniform(), period, duration, time)
    return flux


def quiet(_: np.random.Generator, time: Floats) -> Floats:
    return np.zeros_like(time)


def spotted(rng: np.random.Generator, time: Floats) -> Floats:
    return _waves(rng, time)


def glitch(rng: np.random.Generator, time: Floats) -> Floats:
    """One dip only, as a passing cloud or a loose pointing makes it."""
    middle, width = rng.uniform(time[0], time[-1]), rng.uniform(0.1, 0.4)
    flux: Floats = -_NOISE * rng.uniform(3, 25) * (np.abs(time - middle) < width / 2)
    return flux


def binary(rng: np.random.Generator, time: Floats) -> Floats:
    """Two stars that pass in front of each other: deep and shallow dips take turns."""
    period, duration = _orbit(rng, time)
    phase, depth = rng.uniform(), _NOISE * rng.uniform(5, 60)
    first = _dips(phase, period, duration, time)
    second = _dips(phase + 0.5, period, duration, time)
    flux: Floats = -depth * (first + rng.uniform(0.3, 0.6) * second)
    return flux


def _orbit(rng: np.random.Generator, time: Floats) -> tuple[float, float]:
    """Period and duration in days; wider orbits are slower."""
    span = float(time[-1] - time[0])
    period = float(np.exp(rng.uniform(np.log(max(0.8, span / 25)), np.log(span / 2.5))))
    return period, float(rng.uniform(0.09, 0.14) * period ** (1 / 3))


def _dips(phase: float, period: float, duration: float, time: Floats) -> Floats:
    return ((time / period + phase) % 1 < duration / period).astype(np.float64)


def _waves(rng: np.random.Generator, time: Floats) -> Floats:
    """Spots that turn with the star: a sine and its first overtone."""
    turn = 2 * np.pi * (time / rng.uniform(3, 12) + rng.uniform())
    strength = _NOISE * rng.uniform(1, 8)
    wave: Floats = strength * (np.sin(turn) + rng.uniform(0, 0.4) * np.sin(2 * turn))
    return wave

"""A light curve becomes its best box-shaped dip, and the numbers the classifier looks at.

The search is the box least squares idea (Kovacs, Zucker and Mazeh 2002): fold the curve with each
trial period, and look for the stretch of phase that is fainter than the rest by most.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exoplanet.curves import Curve, Floats

NAMES = (
    "signal to noise of the dip",
    "depth in units of the scatter",
    "peak over the other periods",
    "dip over the best brightening",
    "events",
    "share of events that are faint",
    "share of the strongest event",
    "odd against even events",
    "depth half a period later",
    "width in phase",
    "scatter over robust scatter",
    "correlation of neighbours",
)

_BINS = 64
_WIDTHS = (1, 2, 3, 4, 6, 9)
_FEWEST_CYCLES, _MOST_CYCLES, _PERIODS = 2.0, 30.0, 600
_CLOSER = 41  # trial periods around the best, which keep the dips of a long curve in step
_TREND_BLOCKS = 30
_CELLS = 500_000  # folded at once, so that a long curve does not fill the memory
_BOUND = 1e6


@dataclass(frozen=True)
class Dip:
    period: float  # days
    epoch: float  # the middle of the first transit, days
    duration: float  # days
    depth: float  # share of the star's light


@dataclass(frozen=True)
class _Box:
    cycles: float  # over the whole curve
    start: float  # phase
    width: float  # phase
    power: float


def describe(curve: Curve) -> tuple[Dip, Floats]:
    """The dip, and one number for each of `NAMES`."""
    span = curve.time[-1] - curve.time[0]
    place = (curve.time - curve.time[0]) / span
    residual = _flattened(curve.flux)
    noise = _scatter(residual)
    cycles = np.linspace(_FEWEST_CYCLES, _MOST_CYCLES, _PERIODS)
    coarse, powers, brightening = _search(place, residual / noise, cycles)
    close = coarse.cycles + np.linspace(-1, 1, _CLOSER) * (cycles[1] - cycles[0])
    best, _, _ = _search(place, residual / noise, close)
    phase = (place * best.cycles - best.start) % 1
    inside = phase < best.width
    depth = max(float(-residual[inside].mean()), 1e-12)
    period = span / best.cycles
    dip = Dip(
        period=float(period),
        epoch=float(curve.time[0] + (best.start + best.width / 2) % 1 * period),
        duration=float(best.width * period),
        depth=depth,
    )
    events = _events(place * best.cycles - best.start, inside, residual / noise)
    opposite = residual[np.abs(phase - 0.5 - best.width / 2) < best.width / 2] / noise
    values = (
        best.power,
        depth / noise,
        (best.power - np.median(powers)) / (_scatter(powers) + 1e-9),
        best.power / max(brightening, 1e-3),
        np.log(len(events)),
        (events < 0).mean(),
        (events**2).max() / max((events**2).sum(), 1e-9),
        _unlike(events),
        -opposite.mean() * noise / depth if len(opposite) else 0.0,
        best.width,
        residual.std() / noise,
        float((residual[:-1] * residual[1:]).sum() / max((residual**2).sum(), 1e-300)),
    )
    return dip, np.clip(np.nan_to_num(np.array(values)), -_BOUND, _BOUND)


def _flattened(flux: Floats) -> Floats:
    """Relative to a slow trend made of block medians, which a short dip hardly moves."""
    relative = flux / np.median(flux) - 1
    index = np.arange(len(flux))
    blocks = min(_TREND_BLOCKS, len(flux) // 10)
    middles = [block.mean() for block in np.array_split(index, blocks)]
    levels = [np.median(block) for block in np.array_split(relative, blocks)]
    flat: Floats = relative - np.interp(index, middles, levels)
    return flat


def _scatter(values: Floats) -> float:
    """Robust; where more than half of the values are equal, the usual one."""
    spread = 1.4826 * float(np.median(np.abs(values - np.median(values))))
    return spread or float(values.std()) or 1.0


def _search(place: Floats, signal: Floats, cycles: Floats) -> tuple[_Box, Floats, float]:
    """The best box, the best power of each trial period, the best power of a brightening."""
    boxes, powers, brightest = [], [], 0.0
    for some in np.array_split(cycles, -(-len(cycles) * len(place) // _CELLS)):
        power = _powers(place, signal, some)
        best = np.unravel_index(np.argmax(power), power.shape)
        row, width, start = (int(index) for index in best)
        boxes.append(
            _Box(some[row], start / _BINS, _WIDTHS[width] / _BINS, float(power[row, width, start]))
        )
        powers.append(power.max(axis=(1, 2)))
        brightest = max(brightest, float(-power.min()))
    return max(boxes, key=lambda box: box.power), np.concatenate(powers), brightest


def _powers(place: Floats, signal: Floats, cycles: Floats) -> Floats:
    """Signal to noise of each box, by trial period, width and first bin."""
    turned = np.outer(cycles * _BINS, place).astype(np.int32)
    cells = turned % _BINS + np.arange(len(cycles), dtype=np.int32)[:, None] * _BINS
    weights = np.broadcast_to(signal, cells.shape).ravel()
    size = len(cycles) * _BINS
    sums = _summed(np.bincount(cells.ravel(), weights, size))
    counts = _summed(np.bincount(cells.ravel(), minlength=size))
    return np.stack([_boxes(sums, counts, width, len(place)) for width in _WIDTHS], axis=1)


def _summed(bins: NDArray[Any]) -> Floats:
    """Running totals along the phase; after the last bin come the first ones again."""
    row = bins.reshape(-1, _BINS)
    totals = np.zeros((len(row), _BINS + max(_WIDTHS) + 1))
    np.cumsum(np.hstack((row, row[:, : max(_WIDTHS)])), axis=1, out=totals[:, 1:])
    return totals


def _boxes(sums: Floats, counts: Floats, width: int, points: int) -> Floats:
    total = sums[:, width : width + _BINS] - sums[:, :_BINS]
    inside = counts[:, width : width + _BINS] - counts[:, :_BINS]
    usable = (inside >= 3) & (inside <= points / 2)
    within = np.where(usable, inside, 1)
    return np.where(usable, -total / np.sqrt(within * (1 - within / points)), 0.0)


def _unlike(events: Floats) -> float:
    """0 if every other event is as strong as the ones between, 1 if only every other is there."""
    if len(events) < 2:
        return 1.0
    odd, even = float(events[::2].mean()), float(events[1::2].mean())
    return abs(odd - even) / max(abs(odd) + abs(even), 1e-9)


def _events(turns: Floats, inside: NDArray[np.bool_], signal: Floats) -> Floats:
    """Signal to noise of each passage, in order of time."""
    which = np.floor(turns[inside]).astype(np.intp)
    _, order = np.unique(which, return_inverse=True)
    counts = np.bincount(order)
    passages: Floats = np.bincount(order, signal[inside]) / np.sqrt(counts)
    return passages

"""Numbers or CSV text become a checked light curve, or words about what is wrong with them."""

import csv
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]

MIN_POINTS = 50
MAX_POINTS = 20_000
CADENCE_DAYS = 30 / 60 / 24  # one point in half an hour, if no times are given
_LARGEST = 1e12


class BadCurve(ValueError):
    """What is wrong, in words for the person who sent it."""


@dataclass(frozen=True)
class Curve:
    time: Floats  # days, rising
    flux: Floats  # any unit; its median is above zero

    def digest_input(self) -> bytes:
        return self.time.tobytes() + self.flux.tobytes()


def checked(time: Sequence[float] | None, flux: Sequence[float]) -> Curve:
    """Without times the points count as evenly spaced, `CADENCE_DAYS` apart."""
    if len(flux) < MIN_POINTS:
        raise BadCurve(f"flux: {len(flux)} points are too few; at least {MIN_POINTS} are needed")
    if len(flux) > MAX_POINTS:
        raise BadCurve(f"flux: {len(flux)} points are too many; at most {MAX_POINTS} are taken")
    if time is not None and len(time) != len(flux):
        raise BadCurve(f"time has {len(time)} points and flux {len(flux)}; they must be as many")
    fluxes = _numbers("flux", flux)
    times = evenly(len(flux)) if time is None else _numbers("time", time)
    steps = np.diff(times)
    if (steps <= 0).any():
        raise BadCurve(f"time[{int(np.argmax(steps <= 0)) + 1}]: each time must be after the last")
    if np.median(fluxes) <= 1e-9:
        raise BadCurve("flux: the median must be above zero; give brightness, not differences")
    if np.ptp(fluxes) <= 1e-12 * np.median(fluxes):
        raise BadCurve("flux: it never changes; there is nothing to look for")
    return Curve(times, fluxes)


def evenly(points: int) -> Floats:
    """Times in days, `CADENCE_DAYS` apart."""
    return np.arange(points, dtype=np.float64) * np.float64(CADENCE_DAYS)


def from_csv(text: str) -> Curve:
    """A header line names the columns `time` and `flux`; other columns are left alone."""
    rows = csv.reader(text.splitlines(), strict=True)
    try:
        header = [name.strip().lower() for name in next(rows, [])]
        if missing := [name for name in ("time", "flux") if name not in header]:
            raise BadCurve(f"line 1: no column {' and no column '.join(missing)} in the header")
        columns = (header.index("time"), header.index("flux"))
        points = [_point(row, columns, rows.line_num) for row in rows if any(map(str.strip, row))]
    except csv.Error as error:
        raise BadCurve(f"line {rows.line_num}: {error}") from error
    return checked([time for time, _ in points], [flux for _, flux in points])


def _point(row: list[str], columns: tuple[int, int], line: int) -> tuple[float, float]:
    if len(row) <= max(columns):
        raise BadCurve(f"line {line}: it has {len(row)} columns, fewer than the header")
    return _cell(row[columns[0]], line), _cell(row[columns[1]], line)


def _cell(text: str, line: int) -> float:
    try:
        value = float(text)
    except ValueError:
        raise BadCurve(f"line {line}: {text.strip()[:40]!r} is not a number") from None
    if not math.isfinite(value):
        raise BadCurve(f"line {line}: {text.strip()[:40]!r} is not a finite number")
    return value


def _numbers(name: str, values: Sequence[float]) -> Floats:
    array = np.asarray(values, dtype=np.float64)
    bad = ~(np.abs(array) <= _LARGEST)  # NaN is not below anything
    if bad.any():
        raise BadCurve(f"{name}[{int(np.argmax(bad))}]: not a finite number below {_LARGEST:g}")
    return array

import numpy as np
import pytest

from exoplanet.curves import MAX_POINTS, Curve, checked, evenly, from_csv
from exoplanet.features import NAMES, describe

PERIOD, DURATION, DEPTH, EPOCH = 3.0, 0.2, 0.01, 1.1


def _planet(points: int = 960) -> Curve:
    time = evenly(points)
    dip = (time - EPOCH + DURATION / 2) % PERIOD < DURATION
    noise = np.random.default_rng(1).normal(0, 0.0005, points)
    return Curve(time, 1 + noise - DEPTH * dip)


def test_a_planted_dip_is_found() -> None:
    dip, features = describe(_planet())
    assert dip.period == pytest.approx(PERIOD, rel=0.02)
    assert dip.epoch == pytest.approx(EPOCH, abs=0.1)
    assert dip.depth == pytest.approx(DEPTH, rel=0.2)
    assert dict(zip(NAMES, features, strict=True))["share of events that are faint"] == 1


def test_the_unit_of_flux_and_the_start_of_time_do_not_matter() -> None:
    curve = _planet()
    one, these = describe(curve)
    other, those = describe(Curve(curve.time + 1000, curve.flux * 40_000))
    assert (one.period, one.depth) == pytest.approx((other.period, other.depth))
    assert these == pytest.approx(those, rel=1e-4)


@pytest.mark.parametrize(
    "flux",
    [
        [1.0] * 49 + [2.0],
        [1.0, 2.0] * 25,
        [1e-8] * 49 + [1e12],
        [0.5] * 30 + [1.0] * 30,
        [1.0 - (n % 20 == 0) for n in range(MAX_POINTS)],
    ],
)
def test_odd_curves_give_finite_numbers(flux: list[float]) -> None:
    dip, features = describe(checked(None, flux))
    assert np.isfinite(features).all()
    assert np.isfinite([dip.period, dip.epoch, dip.duration, dip.depth]).all()


def test_points_at_almost_one_time() -> None:
    time = [*(1e-9 * n for n in range(99)), 1000.0]
    _, features = describe(checked(time, [1.0, 1.1] * 50))
    assert np.isfinite(features).all()


def test_csv_columns_in_any_order() -> None:
    rows = "".join(f"{1 + n % 2},x,{n}\n" for n in range(50))
    curve = from_csv("Flux, note ,TIME\n" + rows + "\n")
    assert curve.time[-1] == 49
    assert curve.flux[1] == 2

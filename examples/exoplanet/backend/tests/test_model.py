from pathlib import Path

import joblib
import pytest

from conftest import train
from exoplanet import predict


def test_training_twice_gives_the_same_file(model_path: Path, tmp_path: Path) -> None:
    train(tmp_path)
    assert (tmp_path / "transit.joblib").read_bytes() == model_path.read_bytes()


def test_it_is_small(model_path: Path) -> None:
    assert model_path.stat().st_size < 2_000_000


@pytest.mark.parametrize("part", ["scikit_learn", "features"])
def test_a_model_of_another_version_is_refused(part: str, model_path: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.joblib"
    joblib.dump({**joblib.load(model_path), part: ("other",)}, other)
    with pytest.raises(predict.NoModel, match="another version"):
        predict.load(other)

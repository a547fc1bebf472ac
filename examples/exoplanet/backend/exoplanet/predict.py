"""A light curve becomes a verdict, by the model file that ml/train.py made."""

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import joblib
import sklearn

from exoplanet.curves import Curve
from exoplanet.features import NAMES, describe

_ABOUT = ("version", "trained_on", "tested_on", "accuracy", "precision", "recall", "scikit_learn")


class NoModel(Exception):
    """The model cannot be used; says why and what to do."""


@dataclass(frozen=True)
class Model:
    forest: Any
    about: dict[str, Any]
    samples: Sequence[dict[str, Any]]
    sha256: str

    def verdict(self, curve: Curve) -> dict[str, Any]:
        dip, features = describe(curve)
        probability = float(self.forest.predict_proba([features])[0][1])
        return {
            "verdict": "transit" if probability >= 0.5 else "no transit",
            "probability": round(probability, 4),
            "period": round(dip.period, 5),
            "epoch": round(dip.epoch, 5),
            "duration": round(dip.duration, 5),
            "depth": round(dip.depth, 7),
        }


@cache
def load(path: Path) -> Model:
    """Once for each process; a failure is tried again at the next call."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise NoModel(f"{path}: {error.strerror}; make it with ml/train.py") from error
    try:
        parts = joblib.load(io.BytesIO(content))
        made_with, features = parts["scikit_learn"], tuple(parts["features"])
        model = Model(
            forest=parts["forest"],
            about={name: parts[name] for name in _ABOUT},
            samples=parts["samples"],
            sha256=hashlib.sha256(content).hexdigest(),
        )
    except Exception as error:  # a damaged pickle can raise anything
        raise NoModel(f"{path}: not a model of ours ({type(error).__name__})") from error
    if made_with != sklearn.__version__ or features != NAMES:
        raise NoModel(f"{path}: made for another version of this application; train it again")
    return model

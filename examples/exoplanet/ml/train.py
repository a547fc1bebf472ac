"""Synthetic light curves become model/transit.joblib: python ml/train.py --output model

The same seed and the same libraries give the same file. The features are the backend's own, so
PYTHONPATH must name the backend folder.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import sklearn
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import accuracy_score, precision_score, recall_score

import curves
from exoplanet.curves import Floats
from exoplanet.features import NAMES, describe

VERSION = "1"
_SEED = 2002
_NOT_PLANETS = (curves.quiet, curves.spotted, curves.glitch, curves.binary)
_SAMPLES = (
    ("planet", "a planet in front of a quiet or a spotted star", curves.planet),
    ("second planet", "another star, another planet", curves.planet),
    ("quiet", "nothing but noise", curves.quiet),
    ("spotted", "spots that turn with the star", curves.spotted),
    ("glitch", "one dip that never comes back", curves.glitch),
    ("binary", "two stars in front of each other by turns", curves.binary),
)


def main() -> None:
    options = _options()
    options.output.mkdir(parents=True, exist_ok=True)
    rng, samples_rng = np.random.default_rng(_SEED), np.random.default_rng(_SEED + 1)
    examples, labels = _labelled(rng, options.curves, options.points)
    split = len(labels) * 3 // 4
    forest = RandomForestClassifier(n_estimators=120, max_depth=8, random_state=_SEED, n_jobs=1)
    forest.fit(examples[:split], labels[:split])
    measured = _measured(forest, examples[split:], labels[split:])
    model = {
        "version": VERSION,
        "trained_on": f"{split} synthetic light curves of {options.points} points, seed {_SEED}",
        "tested_on": f"{len(labels) - split} others",
        **measured,
        "scikit_learn": sklearn.__version__,
        "features": NAMES,
        "forest": forest,
        "samples": [_sample(samples_rng, options.points, *sample) for sample in _SAMPLES],
    }
    file = options.output / "transit.joblib"
    half = file.with_suffix(".part")
    joblib.dump(model, half, compress=3)
    half.replace(file)  # a reader sees the old file or the new one, never a part
    report = {"file": str(file), "bytes": file.stat().st_size, **measured}
    sys.stdout.write(json.dumps(report) + "\n")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--output", type=Path, default=Path("model"), help="a folder")
    parser.add_argument("--curves", type=int, default=600, help="light curves to make")
    parser.add_argument("--points", type=int, default=960, help="points of each, before losses")
    return parser.parse_args()


def _labelled(rng: np.random.Generator, count: int, points: int) -> tuple[Floats, Floats]:
    """Half of them with a planet, in turns, so that any cut through them has both."""
    stars = [
        curves.planet if n % 2 else _NOT_PLANETS[n // 2 % len(_NOT_PLANETS)] for n in range(count)
    ]
    found = [describe(curves.observed(star, rng, points))[1] for star in stars]
    return np.array(found), np.array([float(star is curves.planet) for star in stars])


def _measured(forest: RandomForestClassifier, examples: Floats, labels: Floats) -> dict[str, float]:
    said = forest.predict(examples)
    return {
        "accuracy": round(float(accuracy_score(labels, said)), 4),
        "precision": round(float(precision_score(labels, said, zero_division=0.0)), 4),
        "recall": round(float(recall_score(labels, said, zero_division=0.0)), 4),
    }


def _sample(
    rng: np.random.Generator, points: int, name: str, words: str, star: curves.Star
) -> dict[str, Any]:
    curve = curves.observed(star, rng, points)
    return {
        "name": name,
        "words": words,
        "time": [round(time, 6) for time in curve.time.tolist()],
        "flux": curve.flux.tolist(),
    }


if __name__ == "__main__":
    main()

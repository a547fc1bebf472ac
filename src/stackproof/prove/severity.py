"""How bad an advisory says that it is: a word of its database, or the base score of its CVSS vector."""

from collections.abc import Iterable, Mapping
from math import ceil
from typing import Any

from stackproof.model.proving import SEVERITIES

_WORDS = {"MODERATE": "medium", **{level.upper(): level for level in SEVERITIES}}
# Weights of CVSS 3.1's base metrics (first.org/cvss/v3.1/specification-document, 7.4); for PR with changed scope, too.
_WEIGHTS: Mapping[str, Mapping[str, float]] = {
    "AV": {"N": 0.85, "A": 0.62, "L": 0.55, "P": 0.2},
    "AC": {"L": 0.77, "H": 0.44},
    "PR": {"N": 0.85, "L": 0.62, "H": 0.27},
    "UI": {"N": 0.85, "R": 0.62},
    **{metric: {"H": 0.56, "L": 0.22, "N": 0.0} for metric in "CIA"},
}
_CHANGED = {"L": 0.68, "H": 0.5}


def of(record: Mapping[str, Any]) -> str:
    """One of SEVERITIES, or "unknown"."""
    said = str((record.get("database_specific") or {}).get("severity", "")).upper()
    if said in _WORDS:
        return _WORDS[said]
    scores = [
        score for each in record.get("severity") or () if (score := base_score(str(each.get("score")))) is not None
    ]
    return _band(max(scores)) if scores else "unknown"


def worst(severities: Iterable[str]) -> str:
    """Of several advisories about the same; one that is known counts before one that is not."""
    given = frozenset(severities)
    return next((each for each in reversed(SEVERITIES) if each in given), "unknown")


def base_score(vector: str) -> float | None:
    """Of a CVSS 3 vector; None for anything else."""
    said = dict(part.split(":", 1) for part in vector.split("/") if ":" in part)
    if not said.get("CVSS", "").startswith("3.") or "S" not in said:
        return None
    try:
        weights = {metric: known[said[metric]] for metric, known in _WEIGHTS.items()}
    except KeyError:
        return None
    changed = said["S"] == "C"
    if changed:
        weights["PR"] = _CHANGED.get(said["PR"], weights["PR"])
    left = 1 - (1 - weights["C"]) * (1 - weights["I"]) * (1 - weights["A"])
    impact = 7.52 * (left - 0.029) - 3.25 * (left - 0.02) ** 15 if changed else 6.42 * left
    if impact <= 0:
        return 0.0
    exploited = 8.22 * weights["AV"] * weights["AC"] * weights["PR"] * weights["UI"]
    return _up(min((1.08 if changed else 1.0) * (impact + exploited), 10.0))


def _up(score: float) -> float:
    """The smallest number with one decimal that is not below, as the specification's appendix A has it."""
    whole = round(score * 100_000)
    return whole / 100_000 if whole % 10_000 == 0 else ceil(whole / 10_000) / 10


def _band(score: float) -> str:
    return "critical" if score >= 9 else "high" if score >= 7 else "medium" if score >= 4 else "low"

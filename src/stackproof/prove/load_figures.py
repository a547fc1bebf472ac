"""Requests of an open loop into figures: percentiles, errors by kind, and the same for each second."""

import math
from collections import Counter
from collections.abc import Iterator, Sequence

from stackproof.model.proof import Json
from stackproof.tools.open_loop import Shot

SERVER_ERROR = 500
ANY_ERROR = 400
_KINDS = 5


def figures(shots: Sequence[Shot], error: int) -> dict[str, Json]:
    """`error`: the first status that is one. Times in ms, of requests without an error; they are counted beside it.

    `series` has an entry for each second in which requests were meant to be sent, an empty one where none was.
    """
    good = [shot for shot in shots if not failed(shot, error)]
    ended = max((shot.at + shot.seconds for shot in shots), default=0.0)
    return {
        "sent": len(shots),
        "errors": len(shots) - len(good),
        "kinds": dict(_kinds(shots, error)),
        "per_second": len(good) / ended if ended else 0.0,
        **{f"p{share}_ms": _ms(good, share) for share in (50, 95, 99)},
        "late_p95_ms": _rounded(percentile([shot.late for shot in shots], 95)),
        "series": list(_series(shots, error)),
    }


def failed(shot: Shot, error: int) -> bool:
    return shot.status == 0 or shot.status >= error


def percentile(values: Sequence[float], share: float) -> float | None:
    """The smallest value that so many of a hundred do not exceed (nearest rank); None where there are none."""
    return sorted(values)[max(math.ceil(len(values) * share / 100), 1) - 1] if values else None


def _series(shots: Sequence[Shot], error: int) -> Iterator[Json]:
    last = max((int(shot.at) for shot in shots), default=-1)
    seconds: list[list[Shot]] = [[] for _ in range(last + 1)]
    for shot in shots:
        seconds[int(shot.at)].append(shot)
    for second, sent in enumerate(seconds):
        good = [shot for shot in sent if not failed(shot, error)]
        yield {
            "second": second, "requests": len(sent), "errors": len(sent) - len(good),
            "p50_ms": _ms(good, 50), "p99_ms": _ms(good, 99),
        }  # fmt: skip


def _kinds(shots: Sequence[Shot], error: int) -> Iterator[tuple[str, Json]]:
    """The most frequent first."""
    words = Counter(f"status {shot.status}" if shot.status else shot.problem for shot in shots if failed(shot, error))
    yield from words.most_common(_KINDS)


def _ms(shots: Sequence[Shot], share: float) -> float | None:
    return _rounded(percentile([shot.seconds for shot in shots], share))


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds * 1000, 1)

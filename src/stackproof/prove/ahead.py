"""How far a proof is, for the reader: what comes next, and how long the last proof took for what is left."""

from collections.abc import Mapping, Sequence

from stackproof.model.proof import Claim


def ahead(left: Sequence[Claim], total: int, seconds: Mapping[str, float]) -> str:
    """Said as the first of those that are left begins. `seconds` of each claim in the last proof: none, or not all."""
    then = f", then {left[1].id}" if len(left) > 1 else ", the last"
    return f"{total - len(left) + 1} of {total}{then}{_time(left, seconds)}"


def _time(left: Sequence[Claim], seconds: Mapping[str, float]) -> str:
    known = [seconds[claim.id] for claim in left if claim.id in seconds]
    if not known:
        return ""
    new = len(left) - len(known)
    return f", at most {_words(sum(known))} left{f' and {new} never timed here' if new else ''}"


def _words(seconds: float) -> str:
    return f"{max(seconds, 1.0):.0f} s" if seconds < 100 else f"{seconds / 60:.0f} min"

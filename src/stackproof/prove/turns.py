"""Claims into turns: what is measured at the same time, and what alone."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from stackproof.model.proof import Claim

_LOOKING = 3  # at once: they wait for the engine more than they compute


@dataclass(frozen=True)
class Turn:
    """`first` one after the other; meanwhile those of `beside`, each as soon as one of `lanes` is free."""

    first: tuple[Claim, ...]
    beside: tuple[Claim, ...] = ()
    lanes: int = 0


def turns(claims: Iterable[Claim]) -> tuple[Turn, ...]:
    """Claims that look are measured at once: before the stack is up, and while it is, each at the place of the first.

    Those that build are measured beside those that wait; where none waits, they look.
    """
    asked = tuple(claims)
    waits = any(claim.company == "waits" for claim in asked)
    return tuple(_turns(asked, aside=waits))


def _turns(asked: Sequence[Claim], *, aside: bool) -> Iterator[Turn]:
    looking = ("looks",) if aside else ("looks", "builds")
    done: set[str] = set()
    for claim in asked:
        if claim.id in done or (aside and claim.company == "builds"):
            continue
        turn = Turn((claim,))
        if claim.company in looking:
            same = (each for each in asked if each.company in looking and _up(each) == _up(claim))
            turn = Turn((), tuple(same), _LOOKING)
        elif claim.company == "waits":
            builds = tuple(each for each in asked if each.company == "builds")
            turn = Turn(tuple(each for each in asked if each.company == "waits"), builds, 1)
        done |= {each.id for each in (*turn.first, *turn.beside)}
        yield turn


def _up(claim: Claim) -> bool:
    return claim.group in ("running", "fault")

"""Which claims a proof asks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from stackproof.errors import UserError
from stackproof.prove import CLAIMS

if TYPE_CHECKING:
    from stackproof.model.proof import Claim
    from stackproof.model.stack import Stack

_OF_THE_LOCK = frozenset({"SP102-lock-agrees"})  # what they are about is only known where the project can be planned


def asked(only: tuple[str, ...], stack: Stack, *, quick: bool) -> tuple[tuple[Claim, ...], Mapping[str, str]]:
    """The claims that apply to the stack, or those of them whose id begins with one of these words.

    `quick` leaves out some of these, and so does a stack whose files stackproof did not write: they come second, each
    with the reason.
    """
    unknown = [word for word in only if not any(claim.id.startswith(word) for claim in CLAIMS)]
    if unknown:
        raise UserError(f"no claim is called {unknown[0]}", fix=f"They are: {', '.join(claim.id for claim in CLAIMS)}")
    named = tuple(claim for claim in CLAIMS if not only or claim.id.startswith(only))
    applying = tuple(claim for claim in named if claim.applies(stack))
    if not applying:
        said = "; ".join(f"{claim.id}: {claim.says}" for claim in named)
        raise UserError(f"{stack.name} has nothing that these claims are about: {said}", fix="Ask for others.")
    left = {claim.id: why for claim in applying if (why := _not_of_adopted(claim, stack))}
    if len(left) == len(applying):
        said = "; ".join(f"{name}: {why}" for name, why in left.items())
        raise UserError(f"none of these is asked of a stack that was adopted: {said}", fix="Ask for others.")
    left |= {claim.id: why for claim in applying if quick and (why := _takes_long(claim))}
    if len(left) == len(applying):
        raise UserError(f"--quick leaves out all of them: {', '.join(left)}", fix="Leave out --quick.")
    return tuple(claim for claim in applying if claim.id not in left), left


def _not_of_adopted(claim: Claim, stack: Stack) -> str:
    if stack.adopted is None:
        return ""
    return claim.rendered or (stack.adopted.unplanned if claim.id in _OF_THE_LOCK else "")


def _takes_long(claim: Claim) -> str:
    return "a fault" if claim.group == "fault" else claim.long

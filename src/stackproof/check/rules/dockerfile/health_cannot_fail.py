"""SR109: a health check can fail."""

from collections.abc import Iterator

from stackproof.check.rules.dockerfile.looking import instructions, over, probing, sighting
from stackproof.model.dockerfile import Dockerfile
from stackproof.model.findings import Rule, Sighting
from stackproof.model.shell import Simple

_NOTHING = frozenset({"true", ":", "echo", "exit"})


def _look(file: Dockerfile) -> Iterator[Sighting]:
    for _, said in instructions(file, "HEALTHCHECK"):
        listed = probing(said)
        if listed and _good(listed[-1], alone=len(listed) == 1):
            yield sighting(said, "whatever the probe finds, the health check ends well")


def _good(last: Simple, *, alone: bool) -> bool:
    """The last command decides; after && it is not reached where the probe fails."""
    reached = alone or last.before in ("||", ";", "\n", "|", "&")
    ends_well = last.program in _NOTHING and (last.program != "exit" or last.arguments == ("0",))
    return reached and ends_well


RULE = Rule(
    id="SR109-health-cannot-fail",
    says="A health check can fail.",
    fix="Leave out what makes every answer a good one.",
    severity="error",
    profile="recommended",
    check=over(_look),
)

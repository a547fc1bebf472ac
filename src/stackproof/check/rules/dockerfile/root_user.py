"""SR101: the image runs as a user other than root."""

from collections.abc import Iterator

from stackproof.check.rules.dockerfile.looking import final, over, sighting
from stackproof.model import base_images
from stackproof.model.dockerfile import Dockerfile
from stackproof.model.findings import Rule, Sighting

_ROOT = frozenset({"root", "0"})
# Official images whose user is root unless a Dockerfile says otherwise.
_STARTS_AS_ROOT = frozenset(
    {"alpine", "buildpack-deps", "debian", "fedora", "golang", "nginx", "node", "python", "ubuntu"}
)


def _look(file: Dockerfile) -> Iterator[Sighting]:
    end = final(file)
    said = end.said.get("USER")
    if said and end.user.split(":")[0] in _ROOT:
        yield sighting(said, f"the last USER is {end.user}")
    elif not said and base_images.reference(end.base).official in _STARTS_AS_ROOT:
        yield Sighting(end.stages[-1].seen, f"nothing says USER, so the image runs as the root of {end.base}")


RULE = Rule(
    id="SR101-root-user",
    says="The image runs as a user other than root.",
    fix="Create a user with a number and end the Dockerfile with `USER 10001:10001`.",
    severity="error",
    profile="recommended",
    check=over(_look),
)

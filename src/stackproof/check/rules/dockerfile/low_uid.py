"""SR103: the number of the user is 10000 or above."""

from collections.abc import Iterator

from stackproof.check.rules.dockerfile.looking import final, over, sighting
from stackproof.model.dockerfile import Dockerfile
from stackproof.model.findings import Rule, Sighting

_LEAST = 10_000


def _look(file: Dockerfile) -> Iterator[Sighting]:
    end = final(file)
    number = end.user.split(":")[0]
    if number.isdigit() and 0 < int(number[:9]) < _LEAST:
        yield sighting(end.said["USER"], f"the image runs as user {number}")


RULE = Rule(
    id="SR103-low-uid",
    says="The number of the user is 10000 or above.",
    fix="Take a number that no user of the host has, such as 10001.",
    severity="info",
    profile="strict",
    check=over(_look),
)

"""SR102: the user of the image is a number."""

from collections.abc import Iterator

from stackproof.check.rules.dockerfile.looking import final, over, sighting
from stackproof.model.dockerfile import Dockerfile
from stackproof.model.findings import Rule, Sighting


def _look(file: Dockerfile) -> Iterator[Sighting]:
    end = final(file)
    name = end.user.split(":")[0]
    if "USER" in end.said and name and not name.isdigit() and name != "root" and "$" not in name:
        yield sighting(end.said["USER"], f"USER {end.user} is a name")


RULE = Rule(
    id="SR102-user-by-name",
    says="The user of the image is a number.",
    fix="Write the number of the user and of the group: `USER 10001:10001`.",
    severity="info",
    profile="strict",
    check=over(_look),
)

"""SR149: volumes are named where the container is started."""

from collections.abc import Iterator

from stackproof.check.rules.dockerfile.looking import final_instructions, over, sighting
from stackproof.model.dockerfile import Dockerfile
from stackproof.model.findings import Rule, Sighting


def _look(file: Dockerfile) -> Iterator[Sighting]:
    for said in final_instructions(file, "VOLUME"):
        yield sighting(said, "every container of the image gets a volume without a name")


RULE = Rule(
    id="SR149-volume-in-image",
    says="Volumes are named where the container is started.",
    fix="Leave VOLUME out, and name the volume in the Compose file.",
    severity="info",
    profile="strict",
    check=over(_look),
)

"""SR154: FROM leaves the platform to the build."""

from collections.abc import Iterator

from stackproof.check.rules.dockerfile.looking import over
from stackproof.model.dockerfile import Dockerfile
from stackproof.model.findings import Rule, Sighting


def _look(file: Dockerfile) -> Iterator[Sighting]:
    for stage in file.stages:
        if stage.platform and "$" not in stage.platform:
            yield Sighting(stage.seen, f"the image is {stage.platform} on every machine")


RULE = Rule(
    id="SR154-fixed-platform",
    says="FROM leaves the platform to the build.",
    fix="Leave `--platform` out, or use $BUILDPLATFORM.",
    severity="info",
    profile="strict",
    check=over(_look),
)

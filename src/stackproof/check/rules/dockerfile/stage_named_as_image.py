"""SR140: no stage has the name of a well-known image."""

from collections.abc import Iterator

from stackproof.check.rules.dockerfile.looking import over
from stackproof.model.dockerfile import Dockerfile
from stackproof.model.findings import Rule, Sighting

_KNOWN = frozenset(
    {"alpine", "debian", "nginx", "node", "postgres", "python", "redis", "ubuntu", "golang", "rust", "php"}
)


def _look(file: Dockerfile) -> Iterator[Sighting]:
    for stage in file.stages:
        if stage.name in _KNOWN:
            yield Sighting(stage.seen, f"FROM {stage.name} below means this stage, not the image")


RULE = Rule(
    id="SR140-stage-named-as-image",
    says="No stage has the name of a well-known image.",
    fix="Name the stage after what it does.",
    severity="info",
    profile="strict",
    check=over(_look),
)

"""SR134: WORKDIR is an absolute path."""

from collections.abc import Iterator

from stackproof.check.rules.dockerfile.looking import over, sighting
from stackproof.model.dockerfile import Dockerfile, Stage
from stackproof.model.findings import Rule, Sighting


def _look(file: Dockerfile) -> Iterator[Sighting]:
    for stage in _first(file):
        said = next((each for each in stage.instructions if each.keyword == "WORKDIR"), None)
        path = said.words.strip("\"'") if said else ""
        if said and not path.startswith(("/", "$")) and ":" not in path:
            yield sighting(said, f"{path} lies wherever the folder of {stage.base} is")


def _first(file: Dockerfile) -> tuple[Stage, ...]:
    """Those that stand on an image."""
    names = {stage.name for stage in file.stages}
    return tuple(stage for stage in file.stages if stage.base.lower() not in names)


RULE = Rule(
    id="SR134-relative-workdir",
    says="WORKDIR is an absolute path.",
    fix="Begin the path with a slash.",
    severity="warning",
    profile="recommended",
    check=over(_look),
)

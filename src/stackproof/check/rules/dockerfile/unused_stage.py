"""SR138: every stage without a name is used."""

from collections.abc import Iterator

from stackproof.check.rules.dockerfile.looking import instructions, over
from stackproof.model import words
from stackproof.model.dockerfile import Dockerfile
from stackproof.model.findings import Rule, Sighting


def _look(file: Dockerfile) -> Iterator[Sighting]:
    used = {str(stage) for stage in _used(file)}
    for stage in file.stages[:-1]:
        if stage.name is None and str(stage.index) not in used:
            yield Sighting(stage.seen, f"nothing takes anything from stage {stage.index}")


def _used(file: Dockerfile) -> Iterator[str]:
    for _, said in instructions(file, "COPY", "RUN"):
        yield words.copied(said).from_
        yield from (each.from_ for each in words.mounts(said))


RULE = Rule(
    id="SR138-unused-stage",
    says="Every stage without a name is used.",
    fix="Delete the stage, or give it a name to build it by.",
    severity="warning",
    profile="recommended",
    check=over(_look),
)

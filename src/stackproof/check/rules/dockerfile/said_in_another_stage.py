"""SR132: what the container starts with stands in the stage that runs."""

from collections.abc import Iterator

from stackproof.check.rules.dockerfile.looking import final, final_instructions, over, sighting
from stackproof.model import words
from stackproof.model.dockerfile import Dockerfile
from stackproof.model.findings import Rule, Sighting

_GROUPS = (frozenset({"HEALTHCHECK"}), frozenset({"CMD", "ENTRYPOINT"}))


def _look(file: Dockerfile) -> Iterator[Sighting]:
    end = final(file)
    kept = {each.index for each in end.stages}
    copied = {words.copied(said).from_.lower() for said in final_instructions(file, "COPY")}
    for stage in file.stages:
        if stage.index in kept or not copied & {stage.name or "", str(stage.index)}:
            continue
        for said in stage.instructions:
            group = next((each for each in _GROUPS if said.keyword in each), frozenset())
            if group and not group & end.said.keys():
                yield sighting(said, f"{said.keyword} of a stage that only gives files is not in the image")


RULE = Rule(
    id="SR132-said-in-another-stage",
    says="What the container starts with stands in the stage that runs.",
    fix="Move the instruction into the last stage.",
    severity="warning",
    profile="recommended",
    check=over(_look),
)

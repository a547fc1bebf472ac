"""SR131: a stage says CMD, ENTRYPOINT and HEALTHCHECK once."""

from collections.abc import Iterator

from stackproof.check.rules.dockerfile.looking import over, sighting
from stackproof.model.dockerfile import Dockerfile, Instruction
from stackproof.model.findings import Rule, Sighting


def _look(file: Dockerfile) -> Iterator[Sighting]:
    for stage in file.stages:
        first: dict[str, Instruction] = {}
        for said in stage.instructions:
            if said.keyword in ("CMD", "ENTRYPOINT", "HEALTHCHECK"):
                if said.keyword in first:
                    yield sighting(first[said.keyword], f"{said.keyword} of line {said.seen.line} makes this one void")
                first[said.keyword] = said


RULE = Rule(
    id="SR131-said-twice",
    says="A stage says CMD, ENTRYPOINT and HEALTHCHECK once.",
    fix="Leave the last one.",
    severity="warning",
    profile="recommended",
    check=over(_look),
)

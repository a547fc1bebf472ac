"""SR111: the tool of a health check is in the image."""

from collections.abc import Iterator

from stackproof.check.rules.dockerfile.looking import final, final_instructions, final_runs, over, probing, sighting
from stackproof.model import base_images
from stackproof.model.dockerfile import Dockerfile
from stackproof.model.findings import Rule, Sighting
from stackproof.model.shell import script


def _look(file: Dockerfile) -> Iterator[Sighting]:
    end = final(file)
    said, has = end.healthcheck, base_images.tools(end.base)
    if said is None or has is None:
        return
    for command in probing(said):
        if command.program in base_images.TOOLS - has and not _brought(file, command.program):
            yield sighting(said, f"{end.base} has no {command.program}, and nothing installs it")


def _brought(file: Dockerfile, tool: str) -> bool:
    """A RUN that speaks of it (also as netcat-openbsd), or a COPY of programs."""
    names = (tool, "netcat") if tool == "nc" else (tool,)
    spoken = any(name in script(run.said) for run in final_runs(file) for name in names)
    return spoken or any(tool in said.words or "bin" in said.words for said in final_instructions(file, "COPY", "ADD"))


RULE = Rule(
    id="SR111-health-tool-missing",
    says="The tool of a health check is in the image.",
    fix="Probe with the interpreter that is there, or install the tool.",
    severity="error",
    profile="recommended",
    check=over(_look),
)

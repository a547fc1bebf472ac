"""SR139: COPY --from and mounts name a stage above, or an image."""

import difflib
from collections.abc import Iterator

from stackproof.check.rules.dockerfile.looking import instructions, over, sighting
from stackproof.model import base_images, words
from stackproof.model.dockerfile import Dockerfile, Stage
from stackproof.model.findings import Rule, Sighting

_CLOSE = 0.75
_MOST = 50  # stages whose names are compared


def _look(file: Dockerfile) -> Iterator[Sighting]:
    for stage, said in instructions(file, "COPY", "RUN"):
        sources = [words.copied(said).from_] if said.keyword == "COPY" else [each.from_ for each in words.mounts(said)]
        for name in filter(None, sources):
            if reason := _wrong(file, stage, name.lower()):
                yield sighting(said, reason)


def _wrong(file: Dockerfile, stage: Stage, name: str) -> str:
    if "$" in name:
        return ""
    if name.isdigit():
        return "" if int(name[:9]) < stage.index else f"there is no stage {name} above"
    found = file.stage(name)
    if found is not None:
        return "" if found.index < stage.index else f"the stage {name} is not above this one"
    if base_images.reference(name).name != name or "/" in name:
        return ""
    above = {each.name for each in file.stages[: min(stage.index, _MOST)] if each.name}
    meant = difflib.get_close_matches(name, sorted(above), 1, _CLOSE)
    return f"no stage is called {name}; {meant[0]} is, and an image {name} would be pulled" if meant else ""


RULE = Rule(
    id="SR139-unknown-stage",
    says="COPY --from and mounts name a stage above, or an image.",
    fix="Correct the name, or move the stage above.",
    severity="error",
    profile="recommended",
    check=over(_look),
)

"""SR155: who maintains the image stands in a label."""

from collections.abc import Iterator

from stackproof.check.rules.dockerfile.looking import instructions, over, sighting
from stackproof.model.dockerfile import Dockerfile
from stackproof.model.findings import Edit, Rule, Sighting


def _look(file: Dockerfile) -> Iterator[Sighting]:
    for _, said in instructions(file, "MAINTAINER"):
        quoted = said.words.replace("\\", "\\\\").replace('"', '\\"').replace("$", "\\$")
        text = f'LABEL org.opencontainers.image.authors="{quoted}"'
        edits = (Edit(file.path, said.seen.line, said.last, text),) if said.last == said.seen.line else ()
        yield sighting(said, "MAINTAINER is deprecated", *edits)


RULE = Rule(
    id="SR155-maintainer",
    says="Who maintains the image stands in a label.",
    fix='Write `LABEL org.opencontainers.image.authors="…"`.',
    severity="info",
    profile="recommended",
    check=over(_look),
)

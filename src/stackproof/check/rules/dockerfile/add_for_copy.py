"""SR120: files of the project are copied with COPY."""

import re
from collections.abc import Iterator

from stackproof.check.rules.dockerfile.looking import instructions, over, sighting
from stackproof.model import words
from stackproof.model.dockerfile import Dockerfile, Instruction
from stackproof.model.findings import Edit, Rule, Sighting

_ARCHIVE = re.compile(r".*\.(?:tar|tgz|tbz2?|txz|tar\.\w+|gz|bz2|xz|zst)", re.IGNORECASE)
_REMOTE = re.compile(r"(?:https?|git|ssh)://|git@", re.IGNORECASE)


def _look(file: Dockerfile) -> Iterator[Sighting]:
    for _, said in instructions(file, "ADD"):
        sources = words.copied(said).sources
        if said.heredocs or not sources or words.flag(said, "unpack") is not None:
            continue
        if not any(_ARCHIVE.fullmatch(each) or _REMOTE.match(each) or "$" in each or "*" in each for each in sources):
            yield sighting(said, f"ADD copies {sources[0]} just as COPY would", *_edit(said, file))


def _edit(said: Instruction, file: Dockerfile) -> Iterator[Edit]:
    """Only where the instruction is one plain line."""
    if said.last == said.seen.line and not said.flags:
        yield Edit(file.path, said.seen.line, said.last, f"COPY {said.words}")


RULE = Rule(
    id="SR120-add-for-copy",
    says="Files of the project are copied with COPY.",
    fix="Write COPY.",
    severity="info",
    profile="recommended",
    check=over(_look),
)

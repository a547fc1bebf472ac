"""SR156: ENV and LABEL are written with an equals sign."""

import re
from collections.abc import Iterator

from stackproof.check.rules.dockerfile.looking import escaped, instructions, over, sighting
from stackproof.model import words
from stackproof.model.dockerfile import Dockerfile
from stackproof.model.findings import Edit, Rule, Sighting

_PLAIN = re.compile(r"[\w./:@%+,-]+")


def _look(file: Dockerfile) -> Iterator[Sighting]:
    for _, said in instructions(file, "ENV", "LABEL"):
        if "=" in words.words(said.words, escaped(file))[0]:
            continue
        name, value = words.pairs(said, escaped(file))[0]
        plain = said.last == said.seen.line and _PLAIN.fullmatch(value or "")
        edits = (Edit(file.path, said.seen.line, said.last, f"{said.keyword} {name}={value}"),) if plain else ()
        yield sighting(
            said, f"{said.keyword} {name} without an equals sign takes the rest of the line as it is", *edits
        )


RULE = Rule(
    id="SR156-old-pair",
    says="ENV and LABEL are written with an equals sign.",
    fix="Write `ENV NAME=value`.",
    severity="info",
    profile="recommended",
    check=over(_look),
)

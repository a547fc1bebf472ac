"""SR122: no secret is the default of an ARG."""

from collections.abc import Iterator

from stackproof.check.rules.dockerfile import secret_names
from stackproof.check.rules.dockerfile.looking import escaped, instructions, over, sighting
from stackproof.model import words
from stackproof.model.dockerfile import Dockerfile
from stackproof.model.findings import Rule, Sighting


def _look(file: Dockerfile) -> Iterator[Sighting]:
    for said in (*file.arguments, *(each for _, each in instructions(file, "ARG"))):
        for name, value in words.pairs(said, escaped(file)):
            plain = (value or "").strip("\"'")
            if plain and (secret_names.variable(name) or secret_names.in_url(plain)):
                yield sighting(said, f"the default of {name} stands in the file and in the history of the image")


RULE = Rule(
    id="SR122-secret-in-arg",
    says="No secret is the default of an ARG.",
    fix="Hand it to the build with `RUN --mount=type=secret`.",
    severity="error",
    profile="recommended",
    check=over(_look),
)

"""SR121: no secret stands in ENV."""

from collections.abc import Iterator

from stackproof.check.rules.dockerfile import secret_names
from stackproof.check.rules.dockerfile.looking import escaped, instructions, over, sighting
from stackproof.model import words
from stackproof.model.dockerfile import Dockerfile
from stackproof.model.findings import Rule, Sighting

_HARMLESS = frozenset({"", "true", "false", "none", "null"})


def _look(file: Dockerfile) -> Iterator[Sighting]:
    for _, said in instructions(file, "ENV"):
        for name, value in words.pairs(said, escaped(file)):
            plain = (value or "").strip("\"'")
            if secret_names.variable(name) and plain.lower() not in _HARMLESS and not plain.startswith("/"):
                yield sighting(said, f"{name} has a value that everybody with the image can read")
            elif secret_names.in_url(plain):
                yield sighting(said, f"the address in {name} has a password in it")


RULE = Rule(
    id="SR121-secret-in-env",
    says="No secret stands in ENV.",
    fix="Give it when the container starts, as a secret or from the environment.",
    severity="error",
    profile="recommended",
    check=over(_look),
)

"""SR142: every variable of an instruction has a value."""

from collections.abc import Iterator, Mapping

from stackproof.check.rules.dockerfile.looking import bases, escaped, over, sighting, walked
from stackproof.model import base_images, words
from stackproof.model.dockerfile import Dockerfile, Instruction
from stackproof.model.findings import Rule, Sighting
from stackproof.model.interpolation import expand
from stackproof.model.scope import EXPANDING

# What the official images set, as far as Dockerfiles use it.
_OF_BASE = frozenset({"PATH", "HOME", "LANG", "GPG_KEY", "NODE_VERSION", "YARN_VERSION", "HOSTNAME", "container"})
_KNOWN = frozenset({"alpine", "debian", "node", "python", "ubuntu"})


def _look(file: Dockerfile) -> Iterator[Sighting]:
    above = {name for said in file.arguments for name, _ in words.pairs(said, escaped(file))}
    for base, listed in zip(bases(file), walked(file), strict=True):
        if base_images.reference(base).official not in _KNOWN:
            continue
        for seen in (each for each in listed if each.said.keyword in EXPANDING):
            for name in _missing(seen.said, seen.values, escaped(file)):
                if name not in seen.declared | above | _OF_BASE and not name.startswith("PYTHON_"):
                    yield sighting(seen.said, f"nothing gives {name} a value")


def _missing(said: Instruction, values: Mapping[str, str], mark: str) -> list[str]:
    """Names, of which a form without a default needs a value; digits and signs are no names."""
    found = {name for each in said.exec or (said.words,) for name in expand(each, values, mark).missing}
    return sorted(each for each in found if each.isidentifier())


RULE = Rule(
    id="SR142-undefined-variable",
    says="Every variable of an instruction has a value.",
    fix="Declare it with ARG or ENV above, or write a default: `${NAME:-value}`.",
    severity="warning",
    profile="recommended",
    check=over(_look),
)

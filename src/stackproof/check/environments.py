"""Compose files that describe environments beside each other, told apart by their names."""

import re
from collections.abc import Iterator
from itertools import combinations

from stackproof.model.composition import Composition
from stackproof.model.findings import Inspected

_TAGS = {
    "dev": "dev", "development": "dev", "local": "dev", "stage": "stage", "staging": "stage", "prod": "prod",
    "production": "prod", "test": "test", "testing": "test", "qa": "qa", "preprod": "preprod",
}  # fmt: skip
_WORD = re.compile(r"[a-z]+")


def tag(composition: Composition) -> str:
    """ "prod" for docker-compose.prod.yml, "" where no name says it: the last file decides, then its folder."""
    path = composition.files[-1].lower()
    name, folder = path.rpartition("/")[2], path.rpartition("/")[0]
    words = [*_WORD.findall(name), *_WORD.findall(folder.rpartition("/")[2])]
    return next((_TAGS[word] for word in words if word in _TAGS), "")


def pairs(inspected: Inspected) -> Iterator[tuple[Composition, Composition]]:
    """Two that could run on one host as different environments of the same thing."""
    tagged = [each for each in inspected.compositions if tag(each)]
    for one, other in combinations(tagged, 2):
        if tag(one) != tag(other) and set(one.services()) & set(other.services()):
            yield one, other

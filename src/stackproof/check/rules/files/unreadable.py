"""SR001: a container file that cannot be read, in the words of the loader that refused it."""

from collections.abc import Iterator

from stackproof.model.findings import Inspected, Rule, Sighting


def _check(inspected: Inspected) -> Iterator[Sighting]:
    yield from inspected.unreadable


RULE = Rule(
    "SR001-unreadable",
    says="Every container file can be read as what its name says.",
    fix="Mend that line; the other rules say nothing about this file until it can be read.",
    severity="error",
    profile="recommended",
    check=_check,
)

"""SR231: every project says its name."""

from collections.abc import Iterator

from stackproof.model.findings import Inspected, Rule, Sighting
from stackproof.model.source import Place


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for composition in inspected.compositions:
        if ("name",) not in composition.places and composition.services():
            yield Sighting(Place(composition.files[0], 1), f"the project is called {composition.name} after its folder")


RULE = Rule(
    "SR231-project-unnamed",
    says="Every project says its name.",
    fix="Write `name:` at the top of the file.",
    severity="info",
    profile="strict",
    check=_check,
)

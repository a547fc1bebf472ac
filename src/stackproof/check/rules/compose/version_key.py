"""SR227: no file has the obsolete key `version`."""

from collections.abc import Iterator

from stackproof.model.findings import Edit, Inspected, Rule, Sighting


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for composition in inspected.compositions:
        if "version" in composition.document:
            at = composition.at("version")
            yield Sighting(
                at, "version is obsolete: Compose ignores it and warns", (Edit(at.path, at.line, at.line, ""),)
            )


RULE = Rule(
    "SR227-version-key",
    says="No file has the obsolete key `version`.",
    fix="Remove the line.",
    severity="info",
    profile="recommended",
    check=_check,
)

"""SR207: the root file system of every service is read-only."""

from collections.abc import Iterator

from stackproof.check.rules.compose.looking import services
from stackproof.model.findings import Inspected, Rule, Sighting


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for service in services(inspected):
        if not service.spec.get("read_only"):
            yield Sighting(service.at(), f"{service.name} can change its own program files")


RULE = Rule(
    "SR207-writable-root",
    says="The root file system of every service is read-only.",
    fix="Add `read_only: true`, and `tmpfs: [/tmp]` for what it writes for a moment.",
    severity="warning",
    profile="strict",
    check=_check,
)

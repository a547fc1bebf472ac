"""SR002: a comment that sets findings aside, and does not say why."""

from collections.abc import Iterator

from stackproof.check import ignores
from stackproof.model.findings import Inspected, Rule, Sighting


def _check(inspected: Inspected) -> Iterator[Sighting]:
    files = dict.fromkeys((*inspected.by_path, *(path for each in inspected.compositions for path in each.read)))
    for path in files:
        for each in ignores.found(inspected.tree, path):
            if not each.reason:
                yield Sighting(each.seen, f"{', '.join(each.rules)} is ignored, and nobody says why")


RULE = Rule(
    "SR002-ignore-without-reason",
    says="A finding is set aside with a reason.",
    fix="Add the reason: `# stackproof: ignore <rule> because <reason>`. Without one, the comment does nothing.",
    severity="warning",
    profile="recommended",
    check=_check,
)

"""SR245: no dollar sign is taken for a variable by mistake."""

import re
from collections.abc import Iterator

from stackproof.check.rules.compose.looking import line_of
from stackproof.check.rules.compose.relations import in_examples
from stackproof.model.findings import Inspected, Rule, Sighting


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for composition in inspected.compositions:
        for each in composition.variables:
            written = re.search(rf"(?<!\$)(?:\$\$)*\${each.name}\b", line_of(inspected, each.seen))
            if (
                each.value is None
                and each.default is None
                and not each.required
                and written
                and not in_examples(inspected.tree, each.name)
            ):
                yield Sighting(each.seen, f"Compose replaces ${each.name} by nothing")


RULE = Rule(
    "SR245-swallowed-dollar",
    says="No dollar sign is taken for a variable by mistake.",
    fix="Write `$$` for a dollar sign; `${NAME}` where the variable is meant.",
    severity="warning",
    profile="recommended",
    check=_check,
)

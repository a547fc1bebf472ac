"""SR261: no command has an operator of a shell that no shell reads."""

import re
from collections.abc import Iterator

from stackproof.check.rules.compose.looking import line_of, services
from stackproof.model.findings import Inspected, Rule, Sighting

_LINE = re.compile(r"""^\s*(?:command|entrypoint):\s*(?![\[|>&*{#])(["']?)(.+?)\1\s*$""")
_QUOTED = re.compile(r"""\\.|"[^"]*"|'[^']*'|`[^`]*`|\$\([^)]*\)""")


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for service in services(inspected):
        for key in ("command", "entrypoint"):
            found = (
                _LINE.match(line_of(inspected, service.at(key)).partition(" #")[0]) if service.spec.get(key) else None
            )
            if found and (operator := re.search(r"[;&|<>]", _QUOTED.sub("", found[2]))):
                yield Sighting(service.at(key), f"Compose cuts the {key} of {service.name} off at {operator[0]}")


RULE = Rule(
    "SR261-command-cut",
    says="No command has an operator of a shell that no shell reads.",
    fix='Write `command: ["sh", "-c", "..."]` with the whole line in one string.',
    severity="error",
    profile="recommended",
    check=_check,
)

"""SR261: no command has an operator of a shell that no shell reads."""

import re
from collections.abc import Iterator

from stackproof.check.rules.compose.looking import block_of, services
from stackproof.model.findings import Inspected, Rule, Sighting

_VALUE = re.compile(r"""^\s*(?:command|entrypoint):\s*([|>][-+0-9]*\s+)?(?![-\[&*{#!])(.+)$""")
_QUOTED = re.compile(r"""\\.|"[^"]*"|'[^']*'|`[^`]*`|\$\([^)]*\)""")


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for service in services(inspected):
        for key in ("command", "entrypoint"):
            found = _VALUE.match(block_of(inspected, service.at(key))) if service.spec.get(key) else None
            if found and (operator := re.search(r"[;&|<>]", _QUOTED.sub("", _unquoted(found[2], bool(found[1]))))):
                yield Sighting(service.at(key), f"Compose cuts the {key} of {service.name} off at {operator[0]}")


def _unquoted(value: str, block: bool) -> str:
    """The text of a scalar in quotes; in a block they belong to the command."""
    if block or value[0] not in "'\"":
        return value
    return value[1:-1].replace('\\"', '"') if value[0] == '"' else value[1:-1].replace("''", "'")


RULE = Rule(
    "SR261-command-cut",
    says="No command has an operator of a shell that no shell reads.",
    fix='Write `command: ["sh", "-c", "..."]` with the whole line in one string.',
    severity="error",
    profile="recommended",
    check=_check,
)

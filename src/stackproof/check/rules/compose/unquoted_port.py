"""SR246: every pair of ports is in quotes."""

import re
from collections.abc import Iterator

from stackproof.check.rules.compose.looking import line_of, services
from stackproof.model.findings import Edit, Inspected, Rule, Sighting

_PAIR = re.compile(r"^(\s*-\s+)(\d+:[0-5]?\d)(\s*(?:#.*)?)$")


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for service in services(inspected):
        for number, _ in service.ports():
            at = service.at("ports", number)
            if found := _PAIR.match(line_of(inspected, at)):
                yield Sighting(
                    at,
                    f"YAML 1.1 reads {found[2]} as a number of base sixty",
                    (Edit(at.path, at.line, at.line, f'{found[1]}"{found[2]}"{found[3]}\n'),),
                )


RULE = Rule(
    "SR246-unquoted-port",
    says="Every pair of ports is in quotes.",
    fix="Put quotes around it.",
    severity="info",
    profile="strict",
    check=_check,
)

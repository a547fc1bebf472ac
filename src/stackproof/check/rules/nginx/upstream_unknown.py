"""SR501: nginx hands requests to a host that no service is called."""

import re
from collections.abc import Iterator

from stackproof.check.upstreams import names, upstreams
from stackproof.model.findings import Inspected, Rule, Sighting

_ELSEWHERE = re.compile(r"localhost|host\.docker\.internal|.*[.$/\[].*|unix|")


def _check(inspected: Inspected) -> Iterator[Sighting]:
    known = names(inspected)
    for each in upstreams(inspected) if known else ():
        if each.host not in known and not _ELSEWHERE.fullmatch(each.host):
            yield Sighting(each.seen, f"no service is called {each.host}: nginx does not start")


RULE = Rule(
    "SR501-upstream-unknown",
    says="What nginx hands requests to is a service.",
    fix="Use the name of a service in the same Compose file.",
    severity="error",
    profile="recommended",
    check=_check,
)

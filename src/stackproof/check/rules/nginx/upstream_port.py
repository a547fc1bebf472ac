"""SR507: nginx hands requests to a port on which the service's server does not listen."""

from collections.abc import Iterator

from stackproof.check.own_code import serving
from stackproof.check.upstreams import upstreams
from stackproof.model.findings import Inspected, Rule, Sighting


def _check(inspected: Inspected) -> Iterator[Sighting]:
    listening: dict[str, set[int]] = {}
    for service, found in serving(inspected):
        if found.port is not None:
            listening.setdefault(service.name, set()).add(found.port)
    for each in upstreams(inspected):
        ports = listening.get(each.host, set())
        if ports and each.port not in ports:
            told = ", ".join(map(str, sorted(ports)))
            yield Sighting(each.seen, f"{each.host} is asked at {each.port}, and its server listens on {told}")


RULE = Rule(
    "SR507-upstream-port",
    says="nginx hands requests to the port on which the server listens.",
    fix="Use the same port in the server's command and in nginx.",
    severity="error",
    profile="recommended",
    check=_check,
)

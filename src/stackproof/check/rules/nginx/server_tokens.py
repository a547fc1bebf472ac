"""SR506: nginx tells everybody its version."""

from collections.abc import Iterator

from stackproof.check.nginx import configurations
from stackproof.model.findings import Inspected, Rule, Sighting


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for configuration in configurations(inspected.tree):
        server = next((each for each in configuration.all("server") if each.block), None)
        off = any(each.words == ("off",) for each in configuration.all("server_tokens"))
        if server and not off:
            yield Sighting(server.seen, "server_tokens is on: errors and the Server header name nginx's version")


RULE = Rule(
    "SR506-server-tokens",
    says="nginx does not tell its version.",
    fix="Write `server_tokens off;` into the http or server block.",
    severity="info",
    profile="strict",
    check=_check,
)

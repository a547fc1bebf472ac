"""SR504: the code speaks WebSocket, and nginx does not hand the upgrade on."""

from collections.abc import Iterator

from stackproof.check.proxying import proxying
from stackproof.model.facts import WebSocket
from stackproof.model.findings import Inspected, Rule, Sighting


def _check(inspected: Inspected) -> Iterator[Sighting]:
    spoken = inspected.project.first(WebSocket)
    found = list(proxying(inspected)) if spoken else []
    told = [each.headers() for each in found]
    if spoken and found and not any(headers is None or "upgrade" in headers for headers in told):
        yield Sighting(
            found[0].passing.seen, f"{spoken.path} is a WebSocket ({spoken.seen}), and no location sets Upgrade"
        )


RULE = Rule(
    "SR504-websocket-upgrade",
    says="nginx hands the WebSocket's upgrade on.",
    fix="Beside proxy_pass: proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade;"
    ' proxy_set_header Connection "upgrade";',
    severity="error",
    profile="recommended",
    check=_check,
)

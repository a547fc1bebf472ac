"""SR225: no deployed service keeps something in a volume without a name."""

from collections.abc import Iterator

from stackproof.check.rules.compose.looking import deployed, text
from stackproof.model.findings import Inspected, Rule, Sighting


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for service in deployed(inspected):
        for number, mount in service.mounts():
            if mount.get("type") == "volume" and not mount.get("source"):
                yield Sighting(
                    service.at("volumes", number), f"nobody finds {text(mount.get('target'))} of {service.name} again"
                )


RULE = Rule(
    "SR225-anonymous-volume",
    says="No deployed service keeps something in a volume without a name.",
    fix="Give the volume a name, declared under `volumes:`.",
    severity="warning",
    profile="recommended",
    check=_check,
)

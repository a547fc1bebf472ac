"""SR226: no deployed service has the source mounted over what its image was built with."""

from collections.abc import Iterator

from stackproof.check.rules.compose.looking import deployed, node, text
from stackproof.model.findings import Inspected, Rule, Sighting


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for service in deployed(inspected):
        build = node(service.spec.get("build"))
        for number, mount in service.mounts():
            source = text(mount.get("source"))
            if build and mount.get("type") == "bind" and source == build.get("context") and not mount.get("read_only"):
                yield Sighting(
                    service.at("volumes", number),
                    f"{service.name} runs the folder {source}, not the image that was built",
                )


RULE = Rule(
    "SR226-source-mounted",
    says="No deployed service has the source mounted over what its image was built with.",
    fix="Take the mount out of this file; keep it in the one for development.",
    severity="warning",
    profile="recommended",
    check=_check,
)

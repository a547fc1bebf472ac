"""SR202: the engine's socket is mounted into no service but a collector that reads it."""

from collections.abc import Iterator

from stackproof.check.rules.compose.looking import COLLECTORS, services, text
from stackproof.model.findings import Inspected, Rule, Sighting


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for service in services(inspected):
        for number, mount in service.mounts():
            if text(mount.get("source")).endswith("docker.sock") and service.image.name not in COLLECTORS:
                yield Sighting(service.at("volumes", number), f"{service.name} can command the engine, and so the host")


RULE = Rule(
    "SR202-engine-socket",
    says="The engine's socket is mounted into no service but a collector that reads it.",
    fix="Take the mount out, or put a proxy before the socket that lets only the needed calls through.",
    severity="error",
    profile="recommended",
    check=_check,
)

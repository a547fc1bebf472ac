"""SR247: no two services of a file publish the same port."""

from collections.abc import Iterator

from stackproof.check.rules.compose.looking import of, text
from stackproof.model.findings import Inspected, Rule, Sighting


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for composition in inspected.compositions:
        taken: dict[tuple[str, str, str], str] = {}
        for service in of(composition):
            for number, port in service.ports() if not service.spec.get("profiles") else ():
                key = (text(port.get("host_ip")), text(port.get("published")), text(port.get("protocol")))
                if key[1] and taken.setdefault(key, service.name) != service.name:
                    yield Sighting(
                        service.at("ports", number),
                        f"{taken[key]} publishes {key[1]}, too: one of the two fails to start",
                    )


RULE = Rule(
    "SR247-host-port-twice",
    says="No two services of a file publish the same port.",
    fix="Give one of them another port.",
    severity="error",
    profile="recommended",
    check=_check,
)

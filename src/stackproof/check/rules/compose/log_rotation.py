"""SR232: the log of every deployed service is limited in size."""

from collections.abc import Iterator

from stackproof.check.rules.compose.looking import deployed, node
from stackproof.model.findings import Inspected, Rule, Sighting


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for service in deployed(inspected):
        logging = node(service.spec.get("logging"))
        if logging.get("driver", "json-file") == "json-file" and "max-size" not in node(logging.get("options")):
            yield Sighting(service.at("logging"), f"the log of {service.name} grows until the disk is full")


RULE = Rule(
    "SR232-log-rotation",
    says="The log of every deployed service is limited in size.",
    fix='Add `logging: {driver: json-file, options: {max-size: 10m, max-file: "3"}}`.',
    severity="warning",
    profile="strict",
    check=_check,
)

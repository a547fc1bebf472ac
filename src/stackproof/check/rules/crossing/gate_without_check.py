"""SR302: a service waits until another is healthy, and that one has no health check in its image or its file."""

from collections.abc import Iterator

from stackproof.check.reading import node
from stackproof.check.services import of
from stackproof.model.findings import Inspected, Rule, Sighting


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for composition in inspected.compositions:
        known = of(composition, inspected)
        for service in known.values():
            for name, need in node(service.spec.get("depends_on")).items():
                other = known.get(name)
                waits = node(need).get("condition") == "service_healthy"
                if waits and other and other.image and not other.is_checked:
                    yield Sighting(
                        service.at("depends_on", name),
                        f"{service.name} waits until {name} is healthy, and neither {name} nor its image"
                        " has a health check: it never starts",
                    )


RULE = Rule(
    "SR302-gate-without-check",
    says="What a service waits for to be healthy has a health check.",
    fix="Give that service a `healthcheck`, or its Dockerfile a HEALTHCHECK.",
    severity="error",
    profile="recommended",
    check=_check,
)

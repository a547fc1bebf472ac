"""SR322: a service is built from a stage that its Dockerfile does not have."""

from collections.abc import Iterator

from stackproof.check.reading import node, text
from stackproof.check.services import services
from stackproof.model.findings import Inspected, Rule, Sighting


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for service in services(inspected):
        target = text(node(service.spec.get("build")).get("target"))
        if target and service.dockerfile and service.dockerfile.stage(target) is None:
            has = ", ".join(each.name or str(each.index) for each in service.dockerfile.stages)
            yield Sighting(
                service.at("build", "target"),
                f"{service.name} is built from the stage {target}, and {service.dockerfile.path} has {has}",
            )


RULE = Rule(
    "SR322-build-target-missing",
    says="The stage that a service is built from exists.",
    fix="Correct `build.target`, or name the stage with `FROM ... AS <name>`.",
    severity="error",
    profile="recommended",
    check=_check,
)

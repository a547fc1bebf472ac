"""SR264: no secret is given to a build as an argument."""

from collections.abc import Iterator

from stackproof.check.rules.compose.looking import is_secret, node, services, text
from stackproof.model.findings import Inspected, Rule, Sighting


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for service in services(inspected):
        for name, value in node(node(service.spec.get("build")).get("args")).items():
            if is_secret(name) and text(value):
                yield Sighting(
                    service.at("build", "args", name), f"{name} stays readable in the history of {service.name}'s image"
                )


RULE = Rule(
    "SR264-secret-build-argument",
    says="No secret is given to a build as an argument.",
    fix="Use `build.secrets`, and `RUN --mount=type=secret` in the Dockerfile.",
    severity="error",
    profile="recommended",
    check=_check,
)

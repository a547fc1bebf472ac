"""SR301: a health check that calls a program which the image does not have."""

import re
from collections.abc import Iterator

from stackproof.check.images import lacks
from stackproof.check.reading import text
from stackproof.check.services import Service, services
from stackproof.model.findings import Inspected, Rule, Sighting

_PROBE = re.compile(r"(?:^|[\s/;&|(])(curl|wget|nc)\s")


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for service in services(inspected):
        called = _PROBE.search(f"{' '.join(service.health[1:])} ")
        if called and _is_missing(service, called[1]):
            where = service.dockerfile.path if service.dockerfile else text(service.spec.get("image"))
            yield Sighting(
                service.at("healthcheck", "test"),
                f"the health check of {service.name} calls {called[1]}, which the image of {where} does not have",
            )


def _is_missing(service: Service, program: str) -> bool:
    """A program that any instruction names may have been installed."""
    if service.image is None:
        return "build" not in service.spec and lacks(text(service.spec.get("image")), program)
    named = any(re.search(rf"\b{program}\b", each.words) for each in service.image.instructions if _puts(each.keyword))
    return not named and lacks(service.image.base, program)


def _puts(keyword: str) -> bool:
    return keyword in ("RUN", "COPY", "ADD")


RULE = Rule(
    "SR301-probe-tool-missing",
    says="The program that a health check calls is in the image.",
    fix="Probe with what the image has (python -c, node -e, the server's own client), or install the program.",
    severity="error",
    profile="recommended",
    check=_check,
)

"""SR306: Docker kills a service before its server, or its Celery worker, has finished what it was told to finish."""

from collections.abc import Iterator

from stackproof.check.own_code import serving
from stackproof.check.reading import seconds
from stackproof.check.servers import Server
from stackproof.check.services import Service
from stackproof.model.facts import CeleryOption
from stackproof.model.findings import Inspected, Rule, Sighting

_DOCKERS = 10.0  # seconds, where stop_grace_period says nothing
_SOFT = "worker_soft_shutdown_timeout"


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for service, found in serving(inspected):
        given = seconds(service.spec.get("stop_grace_period"))
        has = _DOCKERS if given is None else given
        for wants, why in _wanted(service, found, inspected):
            if wants > has:
                yield Sighting(
                    service.at("stop_grace_period"),
                    f"{service.name} is killed after {has:g} s, and {why} {wants:g} s",
                )


def _wanted(service: Service, found: Server, inspected: Inspected) -> Iterator[tuple[float, str]]:
    """What stands in the Compose file itself is looked at by the Compose rules."""
    if found.grace is not None and "command" not in service.spec and service.dockerfile:
        yield found.grace, f"{found.program} in {service.dockerfile.path} gives running requests"
    if found.program == "celery" and "worker" in found.options:
        for each in inspected.project.all(CeleryOption):
            value = service.environment.get(each.variable or "") or each.value
            if each.name == _SOFT and (wants := seconds(value)):
                yield wants, f"its soft shutdown ({each.seen}) takes up to"


RULE = Rule(
    "SR306-grace-too-short",
    says="Docker waits longer than the server in the image does.",
    fix="Set stop_grace_period a few seconds above the server's own time.",
    severity="warning",
    profile="recommended",
    check=_check,
)

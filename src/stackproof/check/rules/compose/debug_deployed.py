"""SR242: no service of a production file is in debug mode."""

from collections.abc import Iterator

from stackproof.check.rules.compose.looking import is_production, read_at, services
from stackproof.model.findings import Inspected, Rule, Sighting

_SWITCHES = frozenset({"DEBUG", "FLASK_DEBUG", "DJANGO_DEBUG", "APP_DEBUG", "PYTHONASYNCIODEBUG"})
_KINDS = frozenset({"FLASK_ENV", "NODE_ENV", "APP_ENV", "ENVIRONMENT", "ENV"})


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for service in services(inspected):
        for name, value in service.environment.items() if is_production(service.composition) else ():
            on = name in _SWITCHES and value.lower() in ("1", "true", "yes", "on")
            if (on or (name in _KINDS and value.lower() in ("dev", "development", "debug"))) and not read_at(
                service.composition, service.at("environment", name)
            ):
                yield Sighting(service.at("environment", name), f"{name} of {service.name} is {value} in production")


RULE = Rule(
    "SR242-debug-deployed",
    says="No service of a production file is in debug mode.",
    fix="Take the variable out of this file.",
    severity="error",
    profile="recommended",
    check=_check,
)

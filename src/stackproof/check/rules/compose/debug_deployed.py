"""SR242: no service of a production file is in debug mode."""

from collections.abc import Iterator

from stackproof.check.rules.compose.looking import is_production, services
from stackproof.check.rules.compose.relations import written
from stackproof.model.findings import Inspected, Rule, Sighting

_SWITCHES = frozenset({"DEBUG", "FLASK_DEBUG", "DJANGO_DEBUG", "APP_DEBUG", "PYTHONASYNCIODEBUG"})
_KINDS = frozenset({"FLASK_ENV", "NODE_ENV", "APP_ENV", "ENVIRONMENT", "ENV"})


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for service in services(inspected):
        for name, value, at in written(service) if is_production(service.composition) else ():
            on = name in _SWITCHES and value.lower() in ("1", "true", "yes", "on")
            if on or (name in _KINDS and value.lower() in ("dev", "development", "debug")):
                yield Sighting(at, f"{name} of {service.name} is {value} in production")


RULE = Rule(
    "SR242-debug-deployed",
    says="No service of a production file is in debug mode.",
    fix="Take the variable out of this file.",
    severity="error",
    profile="recommended",
    check=_check,
)

"""SR260: the health check of PostgreSQL asks over TCP."""

from collections.abc import Iterator

from stackproof.check.rules.compose.looking import services
from stackproof.model.findings import Inspected, Rule, Sighting


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for service in services(inspected):
        words = " ".join(service.check).split()
        if (
            any(each.endswith("pg_isready") for each in words)
            and not any(each.startswith(("-h", "--host")) for each in words)
            and "PGHOST" not in service.environment
        ):
            yield Sighting(
                service.at("healthcheck", "test"), f"{service.name} is called healthy while it is still being set up"
            )


RULE = Rule(
    "SR260-health-postgres-socket",
    says="The health check of PostgreSQL asks over TCP.",
    fix="Add `-h 127.0.0.1`.",
    severity="warning",
    profile="recommended",
    check=_check,
)

"""SR222: the volume of PostgreSQL 18 and later is at /var/lib/postgresql."""

from collections.abc import Iterator

from stackproof.check.rules.compose.looking import services, text
from stackproof.model.findings import Inspected, Rule, Sighting


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for service in services(inspected):
        major = service.image.tag.partition("-")[0].partition(".")[0]
        if (
            service.image.name != "postgres"
            or not major.isdigit()
            or int(major) < 18
            or "PGDATA" in service.environment
        ):
            continue
        for number, mount in service.mounts():
            if text(mount.get("target")).rstrip("/") == "/var/lib/postgresql/data":
                yield Sighting(
                    service.at("volumes", number),
                    f"the data of {service.name} is not in this volume: from 18 on it lies above",
                )


RULE = Rule(
    "SR222-postgres-18-volume",
    says="The volume of PostgreSQL 18 and later is at /var/lib/postgresql.",
    fix="Mount it on /var/lib/postgresql, or set PGDATA to a folder inside the mount.",
    severity="error",
    profile="recommended",
    check=_check,
)

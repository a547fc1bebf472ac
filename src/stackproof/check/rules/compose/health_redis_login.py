"""SR257: the health check of a Redis with a password logs in."""

from collections.abc import Iterator

from stackproof.check.rules.compose.looking import services
from stackproof.check.rules.compose.relations import option
from stackproof.model.findings import Inspected, Rule, Sighting


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for service in services(inspected):
        words = " ".join(service.check).split()
        protected = option(service.words, "--requirepass") is not None
        knows = {"-a", "--pass", "-u", "--user"} & set(words) or "REDISCLI_AUTH" in " ".join(
            (*words, *service.environment)
        )
        if "redis-cli" in words and protected and not knows and "grep" not in words and "-e" not in words:
            yield Sighting(
                service.at("healthcheck", "test"), f"redis-cli is refused by {service.name}, and succeeds all the same"
            )


RULE = Rule(
    "SR257-health-redis-login",
    says="The health check of a Redis with a password logs in.",
    fix="Give it the password by REDISCLI_AUTH, and `-e`, so that an answer of error is a failure.",
    severity="warning",
    profile="recommended",
    check=_check,
)

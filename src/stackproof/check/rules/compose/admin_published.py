"""SR239: no tool of administrators is open to the network."""

from collections.abc import Iterator

from stackproof.check.rules.compose.looking import deployed, is_local
from stackproof.model.findings import Inspected, Rule, Sighting

_TOOLS = frozenset({"flower", "adminer", "pgadmin4", "phpmyadmin", "redis-commander", "redisinsight", "mongo-express"})


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for service in deployed(inspected):
        tool = (
            service.image.name
            if service.image.name in _TOOLS
            else "flower"
            if {"celery", "flower"} <= set(service.words)
            else ""
        )
        for number, port in service.ports():
            if tool and not is_local(port):
                yield Sighting(service.at("ports", number), f"everybody who reaches the machine reaches {tool}")


RULE = Rule(
    "SR239-admin-published",
    says="No tool of administrators is open to the network.",
    fix="Publish it on 127.0.0.1, and reach it by an SSH tunnel; or put it behind the proxy with a login.",
    severity="warning",
    profile="recommended",
    check=_check,
)

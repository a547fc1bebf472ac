"""Monitoring around a stack: a profile in dev, services in stage and prod; only where there is something to see."""

from dataclasses import replace

from stackproof.model.facts import MetricsRoute
from stackproof.model.stack import Service, Stack, Volume
from stackproof.plan.given import Given
from stackproof.plan.observe import exporters, logs, servers
from stackproof.plan.observe.watching import Watching

PROFILE = "monitoring"


def added(given: Given, stack: Stack) -> Stack:
    """The stack with what watches it. Wanted where the settings say so, or the code has a route for Prometheus."""
    said = given.settings.monitoring
    if said is False or (said is None and not given.project.all(MetricsRoute)):
        return stack
    watching = Watching(given, stack, (PROFILE,) if given.dev else ())
    found = (*exporters.exporters(watching), *servers.servers(watching), *logs.shipping(watching))
    services = (*(_scraped(service) for service in stack.services), *(service for service, _ in found))
    return replace(
        stack,
        services=servers.traced(services),
        volumes=(*stack.volumes, *(volume for _, volume in found if volume)),
        secrets=(*stack.secrets, *exporters.secrets(watching), *servers.secrets(given)),
    )


def _scraped(service: Service) -> Service:
    """Prometheus reaches it over the network of those that are watched."""
    return replace(service, networks=(*service.networks, "observe")) if service.metrics else service


Found = tuple[Service, Volume | None]

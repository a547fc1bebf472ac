"""Where a service is reached from the host: another port in every environment, on loopback unless told."""

from collections.abc import Iterator

from stackproof.errors import UserError
from stackproof.model.stack import ENVIRONMENTS, EnvironmentName, Publish, Service
from stackproof.plan.given import Given, at

OFFSETS: dict[EnvironmentName, int] = {"dev": 0, "stage": 100, "prod": 200}


def publish(given: Given, service: str, port: int) -> Publish | None:
    """`port`: of the host in dev, unless the settings name another. Raises as `opened` does.

    Behind a proxy nothing else is published.
    """
    said = given.settings.service(service).publish
    if said is False or given.proxied:
        return None
    return opened(given, service, port if said is None or said is True else said)


def opened(given: Given, service: str, first: int) -> Publish:
    """`first`: the port of the host in dev. Raises UserError for one above 65535."""
    here = given.settings.environment(given.environment)
    moved = offset(given, given.environment)
    if first + moved > 65535:
        seen = given.settings.place(f"services.{service}.publish")
        raise UserError(
            f"{at(seen)}{service} would get port {first + moved} in {given.environment}; ports end at 65535",
            fix=f"Lower services.{service}.publish or environments.{given.environment}.port_offset.",
        )
    return Publish(here.address or "127.0.0.1", first + moved)


def collisions(given: Given, services: tuple[Service, ...]) -> None:
    """Raises UserError where two services, in whatever environments, would take the same port of the host."""
    here = offset(given, given.environment)
    taken: dict[int, str] = {}
    for environment in ENVIRONMENTS:
        for service, published in _published(services):
            port = published.port - here + offset(given, environment)
            whose = f"{service.name} in {environment}"
            if port in taken:
                raise UserError(
                    f"{taken[port]} and {whose} would both take port {port} of the host",
                    fix="Change environments.<name>.port_offset or services.<name>.publish in stackproof.toml.",
                )
            taken[port] = whose


def _published(services: tuple[Service, ...]) -> Iterator[tuple[Service, Publish]]:
    for service in services:
        yield from ((service, each) for each in (service.publish, *service.more) if each)


def offset(given: Given, environment: EnvironmentName) -> int:
    said = given.settings.environment(environment).port_offset
    return OFFSETS[environment] if said is None else said

"""Where a service is reached from the host: another port in every environment, on loopback unless told."""

from collections.abc import Iterable, Iterator

from stackproof.errors import UserError
from stackproof.model.settings import Settings
from stackproof.model.stack import EnvironmentName, Publish, Service, Stack
from stackproof.plan.given import Given, at
from stackproof.plan.settings import FILE

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


def apart(settings: Settings, stacks: Iterable[Stack]) -> None:
    """Raises UserError where two services, in whatever environments, would take the same port of the host."""
    taken: dict[int, tuple[str, str]] = {}
    for stack in stacks:
        for service, published in _published(stack.services):
            whose, setting = f"{service.name} in {stack.environment}", _setting(stack.environment, service, published)
            first, named = taken.setdefault(published.port, (whose, setting))
            if (first, named) != (whose, setting):
                alone = service.role == "proxy" and settings.place(setting)
                ways = setting if alone else f"{setting} or environments.{stack.environment}.port_offset"
                raise UserError(
                    f"{at(settings.place(setting) or settings.place(named))}"
                    f"{first} and {whose} would both take port {published.port} of the host",
                    fix=f"Change {ways} in {FILE}.",
                )


def _published(services: tuple[Service, ...]) -> Iterator[tuple[Service, Publish]]:
    for service in services:
        yield from ((service, each) for each in (service.publish, *service.more) if each)


def _setting(environment: EnvironmentName, service: Service, published: Publish) -> str:
    """The one that decides this port alone."""
    if service.role == "proxy":
        return f"environments.{environment}.{published.scheme}"
    return f"services.{service.name}.{'publish' if published is service.publish else 'debugger'}"


def offset(given: Given, environment: EnvironmentName) -> int:
    said = given.settings.environment(environment).port_offset
    return OFFSETS[environment] if said is None else said

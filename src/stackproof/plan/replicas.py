"""How many containers of a service run in stage and prod: two, where nothing forbids it."""

from stackproof.errors import UserError
from stackproof.model.stack import Service
from stackproof.plan.given import Given, at

MANY = 2


def count(given: Given, service: Service) -> int:
    """Raises UserError where several are asked for and only one is possible."""
    if given.dev:
        return 1
    said = given.settings.service(service.name).replicas
    if said is None:
        writes = any(not mount.read_only for mount in service.mounts)
        return 1 if service.publish or writes else MANY
    if said > 1 and service.publish:
        raise UserError(
            f"{_place(given, service)}{service.name} cannot have {said} replicas: it is published, and one port of "
            "the host leads to one container",
            fix=f"Let the proxy publish it, or set services.{service.name}.publish = false.",
        )
    return said


def _place(given: Given, service: Service) -> str:
    return at(given.settings.place(f"services.{service.name}.replicas"))

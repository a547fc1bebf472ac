"""The networks of a stack: which there are follows from the services that are on them.

edge     what is published; leads out, because a published port needs that
front    the proxy, web services and front ends
back     what talks to the stores
out      the way out for services that talk to outside servers
observe  monitoring, and what it scrapes
"""

from stackproof.model.stack import Network, Service

_INTERNAL = {"edge": False, "front": True, "back": True, "out": False, "observe": True}


def networks(services: tuple[Service, ...]) -> tuple[Network, ...]:
    used = {name for service in services for name in service.networks}
    return tuple(Network(name, internal) for name, internal in _INTERNAL.items() if name in used)


def reached(published: bool, *names: str) -> tuple[str, ...]:
    """The networks of a service: these, and `edge` where it is published."""
    return ("edge", *names) if published else names

"""A fault: something that happens to one service of a running stack, and ends."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from stackproof.model.running import Running
from stackproof.model.stack import Service, Stack


@dataclass(frozen=True)
class Fault:
    """`inject` undoes it whatever happens; after a kill -9 the next start does. `did` tells it of a service."""

    name: str  # "hung"
    says: str
    did: str  # "hung for a while"
    applies: Callable[[Service, Stack], bool]
    inject: Callable[[Running, str], AbstractContextManager[object]]
    seconds: float = 0.0  # that a proof lets it last, at most
    until_red: bool = False  # it is over as soon as the service's own health has seen it


def has_health(service: Service, _: Stack) -> bool:
    return service.health is not None and not service.one_shot

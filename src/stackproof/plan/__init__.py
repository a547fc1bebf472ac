"""Project and settings into the stack of one environment."""

from collections.abc import Callable
from dataclasses import replace

from stackproof.model.facts import Ambiguity, Project
from stackproof.model.settings import Settings
from stackproof.model.stack import EnvironmentName, Stack
from stackproof.plan import front, load, names, networks, observe, own, ports, process, proxy, refuse, siblings, start
from stackproof.plan.given import Given

__all__ = ["PARTS", "Part", "plan"]

# Adds to a stack what stands around its services. Each sees what the ones before it added, and says for its services
# which networks they are on; the networks themselves are made at the end, from what is used.
Part = Callable[[Given, Stack], Stack]
PARTS: tuple[Part, ...] = (front.added, proxy.added, observe.added, load.added)


def plan(project: Project, settings: Settings, environment: EnvironmentName) -> Stack:
    """Raises UserError for a project that no stack can be made for, with the place and the way out."""
    given = Given(project, settings, environment)
    unread = refuse.unreadable(given)
    refuse.no_project(given)
    stack = own.stack(given)
    for part in PARTS:
        stack = part(given, stack)
    return _finished(given, replace(stack, notes=(*project.all(Ambiguity), *unread, *stack.notes)))


def _finished(given: Given, stack: Stack) -> Stack:
    """What only the whole can say: names that are none, the order, the networks, how often to ask for health."""
    names.services(given, stack)
    services = start.probed(siblings.linked(process.awaited(given, stack.services)))
    refuse.circles(services)
    refuse.crowds(given, services)
    ports.collisions(given, services)
    return replace(stack, services=services, networks=networks.networks(services))

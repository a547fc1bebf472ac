"""Project and settings into the stack of one environment."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from stackproof.model.facts import Project
from stackproof.model.settings import Settings
from stackproof.model.stack import ENVIRONMENTS, EnvironmentName, Stack
from stackproof.plan import (
    front,
    load,
    names,
    networks,
    notes,
    observe,
    own,
    ports,
    process,
    proxy,
    refuse,
    siblings,
    start,
)
from stackproof.plan.given import Given

__all__ = ["PARTS", "Part", "plan", "plans"]

# Adds to a stack what stands around its services. Each sees what the ones before it added, and says for its services
# which networks they are on; the networks themselves are made at the end, from what is used.
Part = Callable[[Given, Stack], Stack]
PARTS: tuple[Part, ...] = (front.added, proxy.added, observe.added, load.added)


def plans(project: Project, settings: Settings) -> Mapping[EnvironmentName, Stack]:
    """One stack for each environment. Raises UserError as `plan` does, and where two would take the same port."""
    stacks = {name: plan(project, settings, name) for name in ENVIRONMENTS}
    ports.apart(settings, stacks.values())
    return stacks


def plan(project: Project, settings: Settings, environment: EnvironmentName) -> Stack:
    """Raises UserError for a project that no stack can be made for, with the place and the way out."""
    given = Given(project, settings, environment)
    unread = refuse.unreadable(given)
    refuse.no_project(given)
    stack = own.stack(given)
    for part in PARTS:
        stack = part(given, stack)
    return _finished(given, replace(stack, notes=(*notes.detected(given, stack), *unread, *stack.notes)))


def _finished(given: Given, stack: Stack) -> Stack:
    """What only the whole can say: names that are none, the order, the networks, how often to ask for health."""
    names.services(given, stack)
    services = start.probed(siblings.linked(process.awaited(given, stack.services)))
    refuse.circles(services)
    refuse.crowds(given, services)
    return replace(stack, services=services, networks=networks.networks(services))

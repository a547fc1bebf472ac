"""Names in the settings that belong to nothing: refused, with the nearest one that there is."""

import difflib
from collections.abc import Iterable, Iterator

from stackproof.errors import UserError
from stackproof.model.facts import CeleryApp, Variable
from stackproof.model.source import Place
from stackproof.model.stack import Stack
from stackproof.plan import process
from stackproof.plan.addresses import files
from stackproof.plan.given import Given, at
from stackproof.plan.stores import Store

# Not in every environment of a stack, or only where there is something for them to do.
_ELSEWHERE = frozenset({
    "alloy", "backup", "cache-exporter", "flower", "grafana", "jaeger", "load", "loki", "nginx-exporter",
    "postgres-exporter", "prometheus", "proxy", "redis-exporter",
})  # fmt: skip
_CELERY = ("worker", "beat", "flower")
_COMMANDS = frozenset({"api", "worker", "beat", "migrate", "redis", "cache", "postgres", *_ELSEWHERE})


def services(given: Given, stack: Stack) -> None:
    """Raises UserError for a [services.NAME] that is no service, or a job with the name of one."""
    there = {service.name for service in stack.services}
    known = {*there, *_ELSEWHERE, *given.settings.jobs, *_leavable(given)}
    _kept(given)
    _refuse(given, "services", given.settings.services, known, "no service of this project")
    for job, said in given.settings.jobs.items():
        _refuse(given, f"jobs.{job}.before", said.before, known, "no service of this project")


def _leavable(given: Given) -> set[str]:
    """Services that can be left out: those of Celery, and processes that were found."""
    return {*process.found(given), *(_CELERY if given.project.first(CeleryApp) else ())}


def _kept(given: Given) -> None:
    """Raises UserError where the settings leave out a service that is no process."""
    for name, said in given.settings.services.items():
        if said.enabled is False and name not in _leavable(given):
            there = ", ".join(sorted(_leavable(given))) or "none here"
            raise UserError(
                f"{at(given.settings.place(f'services.{name}.enabled'))}services.{name} cannot be left out",
                fix=f"Only processes can: {there}.",
            )


def commands(given: Given) -> None:
    """Raises UserError where a command or a job takes the name of a service that stackproof plans itself."""
    said = [name for name, service in given.settings.services.items() if service.command]
    apps = {name for name, service in given.settings.services.items() if service.app or service.command}
    taken = [f"services.{name}" for name in said if name in _COMMANDS]
    taken += [f"jobs.{name}" for name in given.settings.jobs if name in {*_COMMANDS, *apps}]
    for key in taken:
        seen = given.settings.place(f"{key}.command")
        raise UserError(f"{at(seen)}{key} has the name of another service", fix="Give it a name of its own.")


def stores(given: Given, found: tuple[Store, ...]) -> None:
    """Raises UserError for a store that is none of this stack's."""
    names = [store.name for store in found]
    for service, said in given.settings.services.items():
        _refuse(given, f"services.{service}.stores", said.stores or (), names, "no store of this project")


def secrets(given: Given) -> None:
    """Raises UserError for a variable in [secrets] that the code does not read."""
    read = {*(fact.name for fact in given.project.all(Variable)), *files(given)}
    _refuse(given, "secrets", given.settings.secrets, read, "read nowhere in the code")


def _refuse(given: Given, key: str, said: Iterable[str], known: Iterable[str], words: str) -> None:
    for name in _unknown(said, known):
        seen = given.settings.place(f"{key}.{name}") or given.settings.place(key) or _below(given, f"{key}.{name}.")
        near = difflib.get_close_matches(name, sorted(known), 1, cutoff=0.5)
        raise UserError(
            f"{at(seen)}{name} in {key} is {words}{f'; did you mean {near[0]!r}?' if near else ''}",
            fix=f"There are: {', '.join(sorted(known)) or 'none'}.",
        )


def _unknown(said: Iterable[str], known: Iterable[str]) -> Iterator[str]:
    names = set(known)
    return (name for name in said if name not in names)


def _below(given: Given, prefix: str) -> Place | None:
    """The first line of a table."""
    return next((place for key, place in given.settings.places.items() if key.startswith(prefix)), None)

"""A stack on a real Docker Engine: the rendered Compose file, brought up, watched and taken down."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from functools import cached_property
from typing import Literal

from stackproof.model.running import Note, Site
from stackproof.model.stack import Stack
from stackproof.run import left_out
from stackproof.run.docker import (
    away,
    bringing,
    cutting,
    freezing,
    journal,
    project,
    refusing,
    removing,
    resolving,
    scaling,
    slowing,
    state,
)
from stackproof.run.docker.running import DockerRunning
from stackproof.tools.docker import lifeline, plugins
from stackproof.tools.docker.engine import Engine


class DockerRuntime:
    """The `Runtime` of a Docker Engine with Compose. Constructing one touches nothing."""

    name: Literal["docker"] = "docker"

    def __init__(self, engine: Engine | None = None) -> None:
        self._engine = engine or Engine()

    def tools(self) -> Mapping[str, str]:
        """Asked once: `auto` looks whether the engine is there, and `up` looks again."""
        return self._versions

    def life(self) -> AbstractContextManager[Callable[[], str]]:
        return lifeline.held(self._engine)

    def up(self, stack: Stack, site: Site, note: Note, profiles: frozenset[str] = frozenset()) -> DockerRunning:
        with state.locked(stack, site):
            project.refuse_stranger(self._engine, stack, site)
            _heal(self._engine, stack, site)
            away.heal(self._engine, stack, site)
            scaling.heal(self._engine, stack, site)
            if stack.adopted:
                state.write_text(site, state.COPY, stack.adopted.copy, mode=0o600)
            return bringing.up(self._engine, stack, site, note, profiles)

    def attach(self, stack: Stack, site: Site) -> DockerRunning | None:
        found = project.containers(self._engine, stack)
        if not found or project.stranger(self._engine, found, stack, site):
            return None
        _heal(self._engine, stack, site)
        away.heal(self._engine, stack, site)
        scaling.heal(self._engine, stack, site)
        reasons = left_out.remembered(site)
        return DockerRunning(self._engine, left_out.without(stack, reasons), site, left_out=reasons)

    def down(self, stack: Stack, site: Site, note: Note, *, volumes: bool) -> tuple[str, ...]:
        if not site.state.exists() and not removing.something(self._engine, stack):
            return ()  # and no folder is made to say so
        with state.locked(stack, site):
            project.refuse_stranger(self._engine, stack, site)
            _heal(self._engine, stack, site)
            if not volumes:
                away.heal(self._engine, stack, site)
            removed = removing.down(self._engine, stack, note, volumes=volumes)
            state.forget(site)
            journal.forget(site)
            return removed

    @cached_property
    def _versions(self) -> Mapping[str, str]:
        return plugins.versions(self._engine)


def _heal(engine: Engine, stack: Stack, site: Site) -> None:
    """What hangs hears no SIGTERM, what is cut off cannot say goodbye, and what is immutable cannot be removed."""
    freezing.heal(engine, stack, site)
    cutting.heal(engine, stack, site)
    resolving.heal(engine, stack, site)
    slowing.heal(engine, stack, site)
    refusing.heal(engine, stack, site)

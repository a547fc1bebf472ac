"""The stacks of all environments into files: one Dockerfile, a Compose file each, and what belongs to them."""

from collections.abc import Callable, Iterator, Mapping

from stackproof.model.artifacts import Artifact
from stackproof.model.stack import EnvironmentName, Stack
from stackproof.render import (
    backup,
    compose,
    dockerfile,
    dockerignore,
    environment,
    health,
    load,
    lock,
    monitoring,
    nginx,
    node_dockerfile,
    node_dockerignore,
    node_nginx,
    secrets,
)

__all__ = ["RENDERERS", "render"]

Renderer = Callable[[Mapping[EnvironmentName, Stack]], Iterator[Artifact]]

RENDERERS: tuple[Renderer, ...] = (
    dockerfile.render,
    dockerignore.render,
    compose.render,
    environment.render,
    health.render,
    backup.render,
    secrets.render,
    nginx.render,
    monitoring.render,
    load.render,
    node_dockerfile.render,
    node_dockerignore.render,
    node_nginx.render,
)


def render(stacks: Mapping[EnvironmentName, Stack]) -> tuple[Artifact, ...]:
    """`stacks` of every environment. The lock, which names all the others, comes last."""
    artifacts = tuple(artifact for renderer in RENDERERS for artifact in renderer(stacks))
    return (*artifacts, lock.render(stacks, artifacts))

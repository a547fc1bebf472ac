"""What breaks the promises about several environments, and about the one for development."""

import re
from dataclasses import replace

from stackproof.model.artifacts import Artifact
from stackproof.model.stack import Service, Stack
from tests.saboteurs import Saboteur
from tests.saboteurs.edits import DOCKER, bounded, compose, service


def _named(said: dict[str, object]) -> dict[str, object]:
    return {**said, "container_name": "stackproof-proof-of-one-name"}


def _one_volume(artifacts: tuple[Artifact, ...]) -> tuple[Artifact, ...]:
    return tuple(
        replace(each, text=re.sub(r"-(dev|stage|prod)-data\b", "-all-data", each.text))
        if each.path.startswith("deploy/compose.")
        else each
        for each in artifacts
    )


def _without_reload(stack: Stack) -> Stack:
    def still(one: Service) -> Service:
        return replace(one, command=one.command[: one.command.index("--reload")])

    return service("api", still)(bounded(reload_seconds=10.0)(stack))


TOGETHER: tuple[Saboteur, ...] = (
    Saboteur(
        "SP324-environments-together",
        "Redis has the same container name in every environment",
        "wants a container of the name stackproof-proof-of-one-name, and there is one already",
        artifacts=compose("redis", _named),
        on=DOCKER,
    ),
    Saboteur(
        "SP324-environments-together",
        "one volume of data for all environments",
        "the result of a task in one environment is seen in",
        artifacts=_one_volume,
        on=DOCKER,
        slow=True,
    ),
    Saboteur(
        "SP325-hot-reload",
        "the server of the API does not reload",
        "api does not run the changed src/tubeatlas/main.py",
        stack=_without_reload,
        environment="dev",
    ),
)

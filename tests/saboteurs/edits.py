"""Small changes to a source tree, a stack, and the rendered Compose file of production."""

from collections.abc import Callable
from dataclasses import replace

import yaml

from stackproof.model.artifacts import Artifact
from stackproof.model.source import SourceTree
from stackproof.model.stack import Assignment, Service, Stack

DOCKER = frozenset({"docker"})
PROCESS = frozenset({"process"})
Edit = Callable[[dict[str, object]], dict[str, object]]


def source(path: str, old: str, new: str) -> Callable[[SourceTree], SourceTree]:
    """Exactly one such text of the file is another."""

    def changed(tree: SourceTree) -> SourceTree:
        found = tree.files[path].decode()
        assert found.count(old) == 1, f"{path}: {old!r} is there {found.count(old)} times"
        return replace(tree, files={**tree.files, path: found.replace(old, new).encode()})

    return changed


def appended(path: str, text: str) -> Callable[[SourceTree], SourceTree]:
    return lambda tree: replace(tree, files={**tree.files, path: tree.files[path] + text.encode()})


def service(name: str, change: Callable[[Service], Service]) -> Callable[[Stack], Stack]:
    def changed(stack: Stack) -> Stack:
        assert any(one.name == name for one in stack.services)
        return replace(stack, services=tuple(change(one) if one.name == name else one for one in stack.services))

    return changed


def bounded(**limits: float) -> Callable[[Stack], Stack]:
    """Limits that nobody has to wait for longer than it takes to see what is broken."""
    return lambda stack: replace(stack, bounds=replace(stack.bounds, **limits))  # type: ignore[arg-type]


def assigned(one: Service, name: str, value: str) -> Service:
    others = tuple(each for each in one.environment if each.name != name)
    return replace(one, environment=(*others, Assignment(name, value, settable=False)))


def compose(name: str, change: Edit) -> Callable[[tuple[Artifact, ...]], tuple[Artifact, ...]]:
    """The service of that name in every rendered Compose file."""
    return lambda artifacts: tuple(
        _edited(artifact, name, change) if artifact.path.startswith("deploy/compose.") else artifact
        for artifact in artifacts
    )


def without(key: str) -> Edit:
    def changed(said: dict[str, object]) -> dict[str, object]:
        assert key in said
        return {name: value for name, value in said.items() if name != key}

    return changed


def _edited(artifact: Artifact, name: str, change: Edit) -> Artifact:
    document = yaml.safe_load(artifact.text)
    document["services"][name] = change(document["services"][name])
    return replace(artifact, text=yaml.safe_dump(document, sort_keys=False))

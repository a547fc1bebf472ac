"""Small named changes, each of which breaks exactly one promise: a claim that none of them can refute is no claim."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from stackproof.model.artifacts import Artifact
from stackproof.model.source import SourceTree
from stackproof.model.stack import EnvironmentName, Stack


def _tree(tree: SourceTree) -> SourceTree:
    return tree


def _stack(stack: Stack) -> Stack:
    return stack


def _artifacts(artifacts: tuple[Artifact, ...]) -> tuple[Artifact, ...]:
    return artifacts


def _root(root: Path) -> None:
    assert root.is_dir()


@dataclass(frozen=True)
class Saboteur:
    """What is broken, in the order in which the pipeline meets it; everything not named stays as it is.

    `tree` changes the source: it is written to a folder of its own, committed there, and detected and planned anew.
    `stack` changes the planned stack (its bounds too), before the files are rendered.
    `artifacts` changes the rendered files.
    `root` changes the host folder (a git checkout of the changed source) after the commit.
    `names` is a text that the refutation must contain: the message names the cause.
    `slow` ones wait for what never comes, or write a lot; their claim has a quicker saboteur too.
    `on` says on which runtimes it breaks anything: plain processes do not look at rendered files.
    `example` and `environment`: whose stack it breaks. `tree` can only change the example's own files.
    """

    claim: str
    says: str
    names: str
    tree: Callable[[SourceTree], SourceTree] = _tree
    stack: Callable[[Stack], Stack] = _stack
    artifacts: Callable[[tuple[Artifact, ...]], tuple[Artifact, ...]] = _artifacts
    root: Callable[[Path], None] = _root
    on: frozenset[str] = frozenset({"process", "docker"})
    slow: bool = False
    example: str = "tubeatlas"
    environment: EnvironmentName = "prod"

"""The story: source tree, facts, stack, files, images, a running stack, evidence. Alone in importing all stages."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from stackproof.detect import detect
from stackproof.errors import ToolFailed
from stackproof.model.artifacts import Artifact, Built
from stackproof.model.facts import Project
from stackproof.model.running import Note, Running, Runtime, ServiceState, Site
from stackproof.model.settings import Settings
from stackproof.model.source import SourceTree
from stackproof.model.stack import ENVIRONMENTS, EnvironmentName, Stack
from stackproof.plan import plan as plan_stack
from stackproof.plan.settings import read as read_settings
from stackproof.render import render as render_files
from stackproof.tools import disk

STATE = ".stackproof"


@dataclass(frozen=True)
class Planned:
    """A project as far as it can be known without touching anything."""

    root: Path
    tree: SourceTree
    project: Project
    settings: Settings
    stacks: Mapping[EnvironmentName, Stack]

    def artifacts(self) -> tuple[Artifact, ...]:
        return render_files(self.stacks)


def plan(root: Path) -> Planned:
    """Read the project and plan its three environments. Raises UserError where that is not possible."""
    tree = disk.read(root)
    project = detect(tree)
    settings = read_settings(tree)
    stacks = {name: plan_stack(project, settings, name) for name in ENVIRONMENTS}
    return Planned(root, tree, project, settings, stacks)


def site(root: Path, environment: EnvironmentName) -> Site:
    """Where this environment's state lies, and the user's own variables if there are any."""
    env_file = root / "deploy" / "env" / f"{environment}.env"
    return Site(root.resolve(), root.resolve() / STATE / environment, env_file if env_file.is_file() else None)

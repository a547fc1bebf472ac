"""A project whose container files are the user's own: read, and made into the one stack that they describe."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from stackproof.errors import UserError

if TYPE_CHECKING:
    from stackproof.model.composition import Composition
    from stackproof.model.dockerfile import Dockerfile
    from stackproof.model.facts import Project
    from stackproof.model.settings import Settings
    from stackproof.model.source import SourceTree
    from stackproof.model.stack import EnvironmentName, Stack


@dataclass(frozen=True)
class Given:
    """What the command line names: Compose files and files of variables as paths of the project, and profiles."""

    files: tuple[str, ...]
    env_files: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()


@dataclass(frozen=True)
class Adopting:
    """The files as they were read, and what the project is: a stack is made of them for `up` and for each proof."""

    given: Given
    composition: Composition
    dockerfiles: Mapping[str, Dockerfile]  # by service
    tree: SourceTree
    settings: Settings
    environment: EnvironmentName
    planned: Stack | None
    unplanned: str

    def stack(self, name: str, ports: tuple[int, ...] = (), *, proof: bool = False) -> Stack:
        """Under this name, "-adopted" apart from what the user may have up of the same."""
        from stackproof.adopt.stack import Asked, adopt

        asked = Asked(
            name=name,
            environment=self.environment,
            settings=self.settings,
            ports=ports,
            profiles=frozenset(self.given.profiles),
            proof=proof,
            planned=self.planned,
            unplanned=self.unplanned,
        )
        return adopt(self.composition, self.dockerfiles, self.tree, asked)

    def for_proof(self, place: str) -> Stack:
        """The same on ports that are free now; `place` tells this folder from every other one."""
        from stackproof.adopt.apart import ports
        from stackproof.tools.net import free_port

        free: dict[int, None] = {}
        while len(free) < ports(self.composition):
            free[free_port()] = None
        return self.stack(f"{self.name}-prove-{place}", tuple(free), proof=True)

    @property
    def name(self) -> str:
        return f"{self.composition.name}-adopted"


def read(
    root: Path, tree: SourceTree, project: Project, settings: Settings, given: Given, environment: EnvironmentName
) -> Adopting:
    """Raises UserError for files that cannot be read as what they are."""
    from stackproof.adopt import compose

    wide = _with_untracked(root, tree, given)
    composition = compose.load(wide, given.files, dict(os.environ), env_files=given.env_files)
    compose.refuse_gaps(composition)
    planned, unplanned = _planned(project, settings, environment)
    dockerfiles = dict(_dockerfiles(root, tree, composition))
    return Adopting(given, composition, dockerfiles, tree, settings, environment, planned, unplanned)


def _planned(project: Project, settings: Settings, environment: EnvironmentName) -> tuple[Stack | None, str]:
    """What stackproof would render itself tells of the code; container files can be adopted without."""
    from stackproof.plan import plan

    try:
        return plan(project, settings, environment), ""
    except UserError as problem:
        return None, f"stackproof cannot plan this project by itself: {problem}"


def _dockerfiles(root: Path, tree: SourceTree, composition: Composition) -> Iterator[tuple[str, Dockerfile]]:
    """By service; none for a file that is not among the project's."""
    from stackproof.adopt import builds, dockerfile

    inline = builds.inline_texts(composition)
    for name, (_, path) in builds.wanted(composition).items():
        arguments = builds.arguments(composition, name)
        if name in inline:
            yield name, dockerfile.load(inline[name], composition.files[0], arguments)
        elif path in tree:
            yield name, dockerfile.load(tree.files.get(path) or (root / path).read_bytes(), path, arguments)


def _with_untracked(root: Path, tree: SourceTree, given: Given) -> SourceTree:
    """With the files that were named, and files of variables: these are seldom tracked, and Compose reads them."""
    folders = dict.fromkeys((root, *((root / path).parent for path in given.files)))
    beside = (found for folder in folders for pattern in (".env*", "*.env") for found in sorted(folder.glob(pattern)))
    named = (root / path for path in (*given.files, *given.env_files))
    more: dict[str, bytes] = {}
    for path in (*named, *beside):
        inside = os.path.relpath(path, root)
        if path.is_file() and inside not in tree.files:
            more[PurePosixPath(inside).as_posix()] = path.read_bytes()
    return replace(tree, files={**tree.files, **more}, others=tree.others - more.keys())

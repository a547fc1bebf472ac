"""What else an installer reads: workspace members, local folders, constraints, settings, what setup.py opens."""

import fnmatch
import posixpath
import re
from collections.abc import Iterator
from dataclasses import replace

from stackproof.detect import manifest, pipfile, reading, requirements, requirements_txt, setup_files
from stackproof.model.facts import Installer
from stackproof.model.source import SourceTree

_LOCKED_VCS = re.compile(r'^source = \{ git = |^type = "git"$|^git = "|^\s*"git": "')
_README = re.compile(r"^(?:readme|license)[\w.-]*$", re.IGNORECASE)


def added(tree: SourceTree, found: Installer) -> Installer:
    local = _local(tree, found)
    own = (found.manifest, found.lock)
    inputs = dict.fromkeys(path for path in _inputs(tree, found, local) if path in tree and path not in own)
    return replace(
        found,
        inputs=tuple(inputs),
        local=local,
        vcs=_vcs(tree, found),
        listed=found.lock is None and _listed(tree, found),
    )


def asks_for_itself(tree: SourceTree, found: Installer) -> bool:
    """`-e .` in a requirements file: the manifest beside it counts as well."""
    return any(path in found.local for path in (manifest.pyproject(tree), *setup_files.files(tree)))


def _inputs(tree: SourceTree, found: Installer, local: tuple[str, ...]) -> Iterator[str]:
    home = manifest.home(tree)
    if found.tool == "uv":
        yield f"{home}uv.toml"
    if found.tool == "poetry":
        yield f"{home}poetry.toml"
    for path in local:
        yield path
        yield from _beside(tree, path)
    if found.tool == "pip":
        for path in requirements_txt.chain(tree, found.lock or found.manifest):
            yield path
            yield from requirements_txt.constraints(tree, path)
            yield from requirements_txt.archives(tree, path)
    if found.tool == "pip" and found.lock is None:
        yield from _dynamic(tree, found)


def _dynamic(tree: SourceTree, found: Installer) -> Iterator[str]:
    """What building the metadata of the project opens."""
    table = manifest.table(tree, found.manifest, "project")
    if found.manifest.endswith(("setup.py", "setup.cfg")) or "dependencies" in manifest.strings(table.get("dynamic")):
        yield from setup_files.files(tree)
        yield manifest.pyproject(tree)
        yield from setup_files.read(tree)
        yield from _beside(tree, found.manifest)
        stated = manifest.table(tree, found.manifest, "tool.setuptools.dynamic.dependencies").get("file")
        yield from [stated] if isinstance(stated, str) else manifest.strings(stated)


def _beside(tree: SourceTree, path: str) -> Iterator[str]:
    """README and LICENSE, without which many a build backend gives no metadata."""
    folder = posixpath.dirname(path)
    for each in tree.under(folder):
        if posixpath.dirname(each) == folder and _README.match(posixpath.basename(each)):
            yield each


def _local(tree: SourceTree, found: Installer) -> tuple[str, ...]:
    """Manifests of folders that are asked for by path; "" stands for one that has none."""
    if found.tool == "uv":
        return (*_members(tree), *_manifests(tree, _paths(tree)))
    if found.tool == "pip":
        main = found.lock or found.manifest
        named = [item for path in requirements_txt.chain(tree, main) for item in requirements_txt.local(tree, path)]
        return _manifests(tree, [folder or manifest.home(tree) for folder, _ in named])
    return _manifests(tree, _paths(tree))


def _paths(tree: SourceTree) -> list[str]:
    """Folders that the manifest names as the source of a dependency."""
    home = manifest.home(tree)
    sources = manifest.table(tree, manifest.pyproject(tree), "tool.uv.sources").values()
    urls = [item.url for item in requirements.asked(tree) if item.url]
    urls += [pipfile.source(item) for item in sources if isinstance(item, dict)]
    near = [url.removeprefix("file://") for url in urls if url and "://" not in url.removeprefix("file://")]
    return [posixpath.normpath(home + path) for path in near if not path.endswith((".whl", ".tar.gz", ".zip"))]


def _manifests(tree: SourceTree, folders: list[str]) -> tuple[str, ...]:
    found = []
    for folder in folders:
        paths = [posixpath.join(folder, name) for name in ("pyproject.toml", "setup.py", "setup.cfg")]
        found.append(next((path for path in paths if path.removeprefix("./") in tree), "").removeprefix("./"))
    return tuple(dict.fromkeys(found))


def _members(tree: SourceTree) -> tuple[str, ...]:
    """Manifests of the members of uv's workspace: the lock is checked against all of them."""
    home = manifest.home(tree)
    workspace = manifest.table(tree, manifest.pyproject(tree), "tool.uv.workspace")
    members, out = manifest.strings(workspace.get("members")), manifest.strings(workspace.get("exclude"))
    folders = [posixpath.dirname(path) for path in tree.paths if path.endswith("/pyproject.toml")]
    return tuple(
        f"{folder}/pyproject.toml"
        for folder in folders
        if _matches(folder, home, members) and not _matches(folder, home, out)
    )


def _matches(folder: str, home: str, patterns: tuple[str, ...]) -> bool:
    return any(
        fnmatch.fnmatchcase(folder, home + pattern.rstrip("/"))
        and folder.count("/") == (home + pattern.rstrip("/")).count("/")
        for pattern in patterns
    )


def _vcs(tree: SourceTree, found: Installer) -> bool:
    if found.tool == "pip":
        files = requirements_txt.chain(tree, found.lock or found.manifest)
        return any(next(requirements_txt.from_vcs(tree, path), None) for path in files)
    if found.lock is None:
        return any(item.url.startswith("git+") for item in requirements.asked(tree))
    return any(_LOCKED_VCS.match(line.text) for line in reading.lines(tree, found.lock))


def _listed(tree: SourceTree, found: Installer) -> bool:
    """Poetry's own tables, a Pipfile, a setup.cfg alone: no tool but theirs reads them."""
    if found.tool == "poetry":
        return not manifest.strings(manifest.table(tree, found.manifest, "project").get("dependencies"))
    return found.tool == "pipenv" or found.manifest.endswith("setup.cfg")

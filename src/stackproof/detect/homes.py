"""The folders that hold a manifest and code, the one of them that is the project, and the files that belong to it."""

import re
from collections.abc import Mapping
from functools import lru_cache

from stackproof.detect import reading, territory
from stackproof.model.source import SourceTree

_FILES = re.compile(
    r"(pyproject\.toml|poetry\.lock|uv\.lock|pdm\.lock|pylock\.toml|requirements[\w.-]*\.(txt|in)|setup\.(py|cfg)|Pipfile(\.lock)?)$"
)
_LISTED = re.compile(r"(?:^|/)requirements/[\w.-]+\.(?:txt|in)$")
_REQUIREMENTS = re.compile(r"(?:^|/)requirements$")
_TABLES = frozenset({"project", "build-system", "dependency-groups"})
_INSTALLING = frozenset({"poetry", "uv", "pdm"})
_SERVES = re.compile(r"\b(?:fastapi|starlette|flask|django|uvicorn|gunicorn|celery)\b", re.IGNORECASE)


@lru_cache(maxsize=8)
def bases(tree: SourceTree) -> tuple[str, ...]:
    """The project, and folders in it that are projects of their own: they have a manifest and Python files."""
    folders = {folder for folder in (*_having(tree), *_django(tree)) if folder}
    code = territory.candidates(tree)
    holding = (folder for folder in folders if any(path.startswith(f"{folder}/") for path in code))
    return ("", *sorted(holding))


@lru_cache(maxsize=8)
def home(tree: SourceTree) -> str:
    """The folder with the project's manifest, with a "/": the top one, else the first that has one and holds code."""
    return f"{homes(tree)[0]}/".lstrip("/")


@lru_cache(maxsize=8)
def homes(tree: SourceTree) -> tuple[str, ...]:
    """Folders that could be meant, the chosen one first: one that asks for a web framework, then the first by name."""
    having = _having(tree)
    if "" in having:
        return ("",)
    inner = [folder for folder in bases(tree) if folder in having and not territory.is_beside(f"{folder}/")]
    return tuple(sorted(inner, key=lambda folder: (not _serves(tree, folder), folder))) or ("",)


@lru_cache(maxsize=8)
def own(tree: SourceTree) -> tuple[str, ...]:
    """Python files that belong to the application by where they lie: below its folder, or at the very top."""
    start = home(tree)
    return tuple(path for path in territory.own(tree) if path.startswith(start) or "/" not in path)


def _having(tree: SourceTree) -> set[str]:
    """Folders with a manifest; `requirements/` stands for the folder that it lies in."""
    files = (path for path in tree.paths if _FILES.match(path.rpartition("/")[2]) or _LISTED.search(path))
    found = {path.rpartition("/")[0] for path in files if not _only_tools(tree, path)}
    return found | {path.removesuffix("requirements").rstrip("/") for path in found if _REQUIREMENTS.search(path)}


def _only_tools(tree: SourceTree, path: str) -> bool:
    """A pyproject.toml beside the projects of a repository, for linters alone."""
    said = reading.toml(tree, path) if path.endswith("pyproject.toml") else None
    if not isinstance(said, Mapping) or not said:
        return False
    tools = said.get("tool")
    installs = isinstance(tools, Mapping) and bool(_INSTALLING & tools.keys())
    return not installs and not _TABLES & said.keys()


def _django(tree: SourceTree) -> set[str]:
    paths = (path for path in tree.paths if path.endswith("/manage.py") and not territory.is_foreign(path))
    return {path.rpartition("/")[0] for path in paths}


def _serves(tree: SourceTree, folder: str) -> bool:
    files = (
        path for path in tree.under(folder) if "/" not in path.removeprefix(f"{folder}/").removeprefix("requirements/")
    )
    texts = (reading.text(tree, path) for path in files if _FILES.match(path.rpartition("/")[2]))
    return any(isinstance(text, str) and _SERVES.search(text) for text in texts)

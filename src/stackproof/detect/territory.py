"""Which files are the application's own: tests, docs, copies and installed packages are decoys."""

import re
from functools import lru_cache
from pathlib import PurePosixPath

from stackproof.model.source import SourceTree

# Never part of what runs, wherever they lie.
_FOREIGN = frozenset({"node_modules", "site-packages", "dist-packages", "__pycache__", "tests", "test"})
_FOREIGN_FILES = re.compile(r"^(conftest|setup|noxfile|fabfile|test_.*|.*_test|tests)\.py$")
# Beside the application, unless the application itself imports them (`code` asks for that).
_BESIDE = frozenset({
    "docs", "doc", "examples", "example", "samples", "demo", "demos", "migrations", "alembic", "legacy", "old",
    "backup", "attic", "deprecated", "scripts", "tools", "benchmarks", "bench", "notebooks", "build", "dist", "deploy",
    "testing",
})  # fmt: skip


def is_foreign(path: str, environments: frozenset[str] = frozenset()) -> bool:
    """Tests, hidden folders and everything that an installer put there."""
    *folders, name = path.split("/")
    if any(folder in _FOREIGN or folder.startswith(".") for folder in folders) or _FOREIGN_FILES.match(name):
        return True
    return any(str(parent) in environments for parent in PurePosixPath(path).parents)


def is_beside(path: str) -> bool:
    """Folders that usually hold no part of what runs: docs, examples, migrations, scripts, old copies."""
    return any(folder in _BESIDE for folder in path.split("/")[:-1])


@lru_cache(maxsize=8)
def candidates(tree: SourceTree) -> tuple[str, ...]:
    """Python files that may belong to the application."""
    environments = _environments(tree)
    return tuple(path for path in tree.python() if not is_foreign(path, environments))


@lru_cache(maxsize=8)
def own(tree: SourceTree) -> tuple[str, ...]:
    """Python files that belong to the application by where they lie."""
    return tuple(path for path in candidates(tree) if not is_beside(path))


def _environments(tree: SourceTree) -> frozenset[str]:
    """Folders of committed virtual environments, by the pyvenv.cfg in them."""
    return frozenset(str(PurePosixPath(path).parent) for path in tree.paths if path.endswith("/pyvenv.cfg"))

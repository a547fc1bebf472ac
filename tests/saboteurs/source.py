"""What breaks the promises about the source, one at a time."""

import subprocess
from dataclasses import replace
from pathlib import Path

from stackproof.model.source import SourceTree
from tests.saboteurs import Saboteur
from tests.saboteurs.edits import source as changed
from tests.saboteurs.images import rendered


def _ignored(root: Path) -> None:
    """Needed and there, but git never had it: it works on this machine alone."""
    with (root / ".gitignore").open("a") as ignored:
        ignored.write("text.py\n")
    _git(root, "rm", "-q", "--cached", "src/tubeatlas/text.py")
    _git(root, "add", ".gitignore")
    _git(root, "commit", "-q", "-m", "without a file that is needed")


def _git(root: Path, *words: str) -> None:
    subprocess.run(
        ("git", "-c", "user.name=saboteur", "-c", "user.email=saboteur@localhost", *words), cwd=root, check=True
    )


def _with_template(tree: SourceTree) -> SourceTree:
    return replace(tree, files={**tree.files, ".env.example": b"LOG_LEVEL=INFO\n"})


SOURCE: tuple[Saboteur, ...] = (
    Saboteur(
        "SP101-clean-clone",
        "a module that is needed is ignored by git",
        "tubeatlas.text",
        root=_ignored,
    ),
    Saboteur(
        "SP102-lock-agrees",
        "a dependency was added to the manifest, and the lock not made again",
        "poetry.lock does not agree",
        tree=changed("pyproject.toml", '"aiosqlite>=0.21",', '"aiosqlite>=0.21",\n    "idna>=3",'),
    ),
    Saboteur(
        "SP103-variables-agree",
        "a template names a variable that nobody reads any more",
        "FORMER_NAME in deploy/env/prod.env.example is read by no code",
        artifacts=rendered("deploy/env/prod.env.example", lambda text: f"{text}FORMER_NAME=1\n"),
    ),
    Saboteur(
        "SP103-variables-agree",
        "the code reads a variable that the project's own template does not name",
        "UNNAMED is read at src/tubeatlas/logs_of_old.py:3, but not named for .env.example",
        tree=lambda tree: _with_template(
            replace(
                tree,
                files={
                    **tree.files,
                    "src/tubeatlas/logs_of_old.py": b'import os\n\nUNNAMED = os.environ.get("UNNAMED")\n',
                },
            )
        ),
    ),
)

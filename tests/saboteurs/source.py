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


_NAMED = (
    "API_TOKEN CHUNK_WORDS DATABASE_URL MAX_BODY_BYTES REDIS_URL SOFT_SHUTDOWN_SECONDS TASK_RETRY_BASE_SECONDS "
    "TASK_TIME_LIMIT_SECONDS VISIBILITY_TIMEOUT_SECONDS"
)


def _template(tree: SourceTree) -> SourceTree:
    """All that the code reads, but LOG_LEVEL."""
    lines = "".join(f"{name}=\n" for name in _NAMED.split())
    return replace(tree, files={**tree.files, ".env.example": lines.encode()})


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
        "LOG_LEVEL is read at src/tubeatlas/config/settings.py:",
        tree=_template,
    ),
    Saboteur(
        "SP104-environments-apart",
        "production has the project name of stage",
        "stage and prod share the project name",
        artifacts=rendered("deploy/compose.prod.yaml", lambda text: text.replace("-prod\n", "-stage\n", 1)),
    ),
    Saboteur(
        "SP104-environments-apart",
        "production has a volume of stage",
        "-stage-data",
        artifacts=rendered("deploy/compose.prod.yaml", lambda text: text.replace("-prod-data", "-stage-data")),
    ),
    Saboteur(
        "SP105-no-dev-in-prod",
        "the server of production reloads",
        "api in prod is started with --reload",
        artifacts=rendered("deploy/compose.prod.yaml", lambda text: text.replace("--no-server-header", "--reload")),
    ),
    Saboteur(
        "SP105-no-dev-in-prod",
        "the image of production is the one of development",
        "is built as target dev",
        artifacts=rendered("deploy/compose.prod.yaml", lambda text: text.replace("target: runtime", "target: dev")),
    ),
    Saboteur(
        "SP105-no-dev-in-prod",
        "the source of the host lies over the built code",
        "has the host's ../src mounted over",
        artifacts=rendered(
            "deploy/compose.prod.yaml",
            lambda text: text.replace("type: volume\n      source: data", "type: bind\n      source: ../src"),
        ),
    ),
    Saboteur(
        "SP106-files-valid",
        "a service is on a network that is not there",
        "compose.prod.yaml is refused",
        artifacts=rendered("deploy/compose.prod.yaml", lambda text: text.replace("    - back\n", "    - bakc\n", 1)),
        on=frozenset({"docker"}),
    ),
)

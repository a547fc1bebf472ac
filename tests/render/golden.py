"""The rendered files of an application like examples/tubeatlas, as they are kept beside the tests."""

from pathlib import Path

from stackproof.model.artifacts import Artifact
from stackproof.model.settings import Settings
from stackproof.model.stack import ENVIRONMENTS
from stackproof.plan import plan
from stackproof.render import render
from tests.plan.tubeatlas import PROJECT

FOLDER = Path(__file__).parents[1] / "golden" / "tubeatlas"


def rendered() -> tuple[Artifact, ...]:
    return render({name: plan(PROJECT, Settings(), name) for name in ENVIRONMENTS})


def update() -> None:
    """Write them anew; `git diff` then shows what a change does to every file."""
    for path in sorted(FOLDER.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    for artifact in rendered():
        target = FOLDER / artifact.path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(artifact.text)


if __name__ == "__main__":
    update()

"""The rendered files of every example, from reading its source on, as they are kept beside the tests."""

from pathlib import Path

from stackproof import pipeline
from stackproof.model.artifacts import Artifact

FOLDER = Path(__file__).parents[1] / "golden"
EXAMPLES = Path(__file__).parents[2] / "examples"
NAMES = tuple(sorted(path.parent.name for path in EXAMPLES.glob("*/README.md")))


def rendered(name: str) -> tuple[Artifact, ...]:
    return pipeline.plan(EXAMPLES / name).artifacts()


def update() -> None:
    """Write them anew; `git diff` then shows what a change does to every file."""
    for path in sorted(FOLDER.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    for name in NAMES:
        for artifact in rendered(name):
            target = FOLDER / name / artifact.path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(artifact.text)


if __name__ == "__main__":
    update()

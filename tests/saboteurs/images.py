"""Small changes to the rendered Dockerfile."""

from collections.abc import Callable
from dataclasses import replace

from stackproof.model.artifacts import Artifact

Change = Callable[[tuple[Artifact, ...]], tuple[Artifact, ...]]


def rendered(path: str, change: Callable[[str], str]) -> Change:
    """The text of one rendered file."""

    def changed(artifacts: tuple[Artifact, ...]) -> tuple[Artifact, ...]:
        assert any(artifact.path == path for artifact in artifacts), f"{path} is not rendered"
        return tuple(
            replace(artifact, text=change(artifact.text)) if artifact.path == path else artifact
            for artifact in artifacts
        )

    return changed


def at_the_end(*lines: str, as_root: bool = True) -> Change:
    """More instructions at the end of the image that is run; as root, and then as its own user again."""

    def changed(text: str) -> str:
        before, begin, stage = text.partition(" AS runtime\n")
        assert begin, "no stage is called runtime"
        user = [line for line in stage.splitlines() if line.startswith("USER ")][-1]
        more = ["USER 0:0", *lines, user] if as_root else list(lines)
        return before + begin + stage.rstrip("\n") + "\n" + "\n".join(more) + "\n"

    return rendered("Dockerfile", changed)


def python(code: str) -> str:
    """A RUN of Python, in the one form that needs no shell and no quoting: JSON."""
    import json

    return f"RUN {json.dumps(['python', '-c', code])}"

"""SR124: no file with secrets is copied into the image."""

from collections.abc import Iterator

from stackproof.check.rules.dockerfile import secret_names
from stackproof.check.rules.dockerfile.looking import instructions, over, sighting
from stackproof.model import words
from stackproof.model.dockerfile import Dockerfile
from stackproof.model.findings import Rule, Sighting


def _look(file: Dockerfile) -> Iterator[Sighting]:
    for _, said in instructions(file, "COPY", "ADD"):
        for path in words.copied(said).sources:
            if secret_names.file(path) and not words.copied(said).from_:
                yield sighting(said, f"{path} becomes part of a layer")


RULE = Rule(
    id="SR124-secret-file-copied",
    says="No file with secrets is copied into the image.",
    fix="Leave the file out of the build context and give it when the container starts.",
    severity="error",
    profile="recommended",
    check=over(_look),
)

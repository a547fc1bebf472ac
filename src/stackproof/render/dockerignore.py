"""The build context: nothing but what the image is made from, and no secret that lies in between."""

from collections.abc import Iterator, Mapping

from stackproof.model.artifacts import Artifact
from stackproof.model.stack import EnvironmentName, Stack
from stackproof.render import health

# `id_*` alone would also leave out modules such as id_map.py.
NEVER = (
    "**/.git", "**/.env*", "**/*.env", "**/*.pem", "**/*.key", "**/*.p12", "**/*.pfx",
    "**/id_rsa*", "**/id_dsa*", "**/id_ecdsa*",
    "**/*credentials*.json", "**/*service-account*.json", "**/*service_account*.json", "**/.git-credentials",
    "**/id_ed25519*", "**/.netrc", "**/.pypirc", "**/.npmrc", "**/.aws", "**/.ssh",
    "**/.venv", "**/__pycache__", "**/*.py[cod]", "**/.DS_Store",
)  # fmt: skip


def render(stacks: Mapping[EnvironmentName, Stack]) -> Iterator[Artifact]:
    wanted = {path for stack in stacks.values() for path in (*stack.build.install.inputs, *stack.build.copy)}
    lines = [
        "# Written by stackproof: nothing is sent to the builder but what the image is made from.",
        "*",
        *(f"!{path}" for path in sorted({*wanted, health.FOLDER})),
        *(f"{path}" for path in sorted(stacks["prod"].build.prepared)),  # made by the build itself
        "# Never, wherever they lie.",
        *NEVER,
    ]
    yield Artifact(".dockerignore", "\n".join(lines) + "\n")

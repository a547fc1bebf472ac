"""stackproof.lock: the versions that were chosen, and the digest of every file that was written."""

import json
from collections.abc import Mapping

from stackproof import __version__
from stackproof.model.artifacts import Artifact
from stackproof.model.stack import EnvironmentName, Stack

PATH = "stackproof.lock"
SCHEMA = 1


def render(stacks: Mapping[EnvironmentName, Stack], artifacts: tuple[Artifact, ...]) -> Artifact:
    build = stacks["prod"].build
    document = {
        "schema": SCHEMA,
        "stackproof": __version__,
        "python": build.python,
        "images": sorted(
            {build.base, f"ghcr.io/astral-sh/uv:{build.uv}", *_foreign(stacks["prod"]), *_front(stacks["prod"])}
        ),
        "installer": {"tool": build.install.tool, "version": build.install.tool_version},
        "packages": list(build.install.extra),
        "files": {artifact.path: artifact.sha256 for artifact in sorted(artifacts, key=lambda each: each.path)},
    }
    return Artifact(PATH, json.dumps(document, indent=2) + "\n")


def _front(stack: Stack) -> set[str]:
    return {image for build in stack.node for image in (build.base, build.server) if image}


def _foreign(stack: Stack) -> set[str]:
    return {service.image for service in stack.services if not service.built}

"""The build context of a front end: its manifests, its sources, and no secret that lies in between."""

from collections.abc import Iterator, Mapping

from stackproof.model.artifacts import Artifact
from stackproof.model.stack import EnvironmentName, NodeBuild, Stack
from stackproof.render import node_dockerfile
from stackproof.render.dockerignore import NEVER


def render(stacks: Mapping[EnvironmentName, Stack]) -> Iterator[Artifact]:
    for build in stacks["prod"].node:
        yield Artifact(f"{build.context}/.dockerignore", "\n".join(_lines(build)) + "\n")


def _lines(build: NodeBuild) -> Iterator[str]:
    yield "# Written by stackproof: nothing is sent to the builder but what the image is made from."
    yield "*"
    config = [node_dockerfile.NGINX] if build.kind == "static" else []
    wanted = {path.rstrip("/") for path in (*build.manifests, *build.copy, *config)}
    yield from (f"!{path}" for path in sorted(wanted))
    yield "# Never, wherever they lie."
    yield from ("**/node_modules", *NEVER)
    if ".npmrc" in wanted:
        yield "# Read by the install; it holds no credentials."
        yield "!.npmrc"

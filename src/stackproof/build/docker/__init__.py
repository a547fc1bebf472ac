"""A context folder into an image by BuildKit, and the looks inside it."""

from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stackproof.build.docker import build, cache, layers
from stackproof.model.artifacts import Built, Image
from stackproof.model.running import Completed, Note, Progress
from stackproof.model.stack import AnyBuild, Stack
from stackproof.tools.docker import archive, sidecar
from stackproof.tools.docker.engine import Engine
from stackproof.tools.docker.sidecar import Sidecar

if TYPE_CHECKING:
    from docker import APIClient


def _nothing(_step: Progress) -> None:
    return


class DockerWorkshop:
    """The `Workshop` of a Docker Engine with buildx. Constructing one touches nothing."""

    def __init__(self, engine: Engine | None = None, note: Note = _nothing) -> None:
        self._engine = engine or Engine()
        self._note = note

    def build(
        self,
        context: Path,
        stack: Stack,
        *,
        tag: str,
        cold: bool = False,
        dockerfile: str | None = None,
        variables: Mapping[str, str] = {},
        image: AnyBuild | None = None,
    ) -> Built:
        """See `Workshop.build`. A file that is replaced under the same tag goes, unless something still uses it."""
        before = self._inspect(tag)
        asked = build.order(
            context, stack, image or stack.python_build, tag=tag, cold=cold, text=dockerfile, variables=variables
        )
        with cache.left_as_it_was(self._engine) if cold else nullcontext():
            done = build.run(self._engine, asked, self._note)
        made = self._image(tag)
        if before and before["Id"] != made.digest:
            self._drop_if_nameless(str(before["Id"]))
        return Built(made, done.seconds, done.output + done.errors)

    def run(self, image: Image, argv: tuple[str, ...], *, user: str | None = None, timeout: float = 60.0) -> Completed:
        """See `Workshop.run`. The image's own environment and packages are there; so are the engine's usual rights."""
        container = Sidecar(image.digest, stack=image.tag, user=user or image.user, capabilities=None, isolated=False)
        return sidecar.command(self._engine, container, argv, timeout=timeout)

    def look(self, image: Image, script: str, *, user: str | None = None, timeout: float = 60.0) -> Completed:
        """See `Workshop.look`."""
        return self.run(image, ("python", "-c", script), user=user, timeout=timeout)

    def layer_files(self, image: Image) -> Iterator[tuple[str, str, bytes]]:
        """See `Workshop.layer_files`; of each file at most the first 8 MiB."""
        stream = self._engine.ask("Saving the image", lambda api: api.get_image(image.digest))
        with archive.opened(self._chunks(stream)) as saved:
            yield from archive.files(saved)

    def history(self, image: Image) -> str:
        import json

        inspected = self._engine.ask("Looking at the image", lambda api: api.inspect_image(image.digest))
        steps = self._engine.ask("Reading the image's history", lambda api: api.history(image.digest))
        return json.dumps({"inspect": inspected, "history": steps}, indent=1, sort_keys=True)

    def discard(self, tag: str) -> None:
        """Remove the tag, and the image where it was the last one; containers first that a killed `look` left."""
        for identity in sidecar.left(self._engine, tag):
            sidecar.remove(self._engine, identity)
        self._engine.ask_for("Removing the image", lambda api: api.remove_image(tag, force=True))

    def _image(self, tag: str) -> Image:
        found = self._engine.ask("Looking at the image", lambda api: api.inspect_image(tag))
        return layers.image(tag, found, self._history(found))

    def _history(self, inspected: Mapping[str, Any]) -> tuple[layers.Step, ...]:
        """The build steps, oldest first, each with whether it made a layer."""
        digest, count = str(inspected["Id"]), len(inspected["RootFS"].get("Layers") or ())
        told = self._engine.ask("Reading the image's history", lambda api: api.history(digest))
        if (steps := layers.steps(told, count)) is not None:
            return steps
        stream = self._engine.ask("Saving the image", lambda api: api.get_image(digest))
        with archive.opened(self._chunks(stream)) as saved:  # slower, and always exact
            return layers.exact(told, archive.configuration(saved)["history"])

    def _chunks(self, stream: Iterator[bytes]) -> Iterator[bytes]:
        done = object()
        while (chunk := self._engine.ask("Saving the image", lambda _api: next(stream, done))) is not done:
            assert isinstance(chunk, bytes)  # noqa: S101  for the type checker
            yield chunk

    def _inspect(self, tag: str) -> Mapping[str, Any] | None:
        found: Mapping[str, Any] | None = self._engine.ask_for(
            "Looking for the image", lambda api: api.inspect_image(tag)
        )
        return found

    def _drop_if_nameless(self, digest: str) -> None:
        """Remove the image that just lost its tag; the engine itself refuses where a container uses it."""
        from docker.errors import APIError

        found = self._inspect(digest)
        if not found or found.get("RepoTags"):
            return

        def remove(api: "APIClient") -> None:
            try:
                api.remove_image(digest)
            except APIError as problem:
                if problem.status_code != 409:  # 409: a container was made from it
                    raise

        self._engine.ask_for("Removing the replaced image", remove)

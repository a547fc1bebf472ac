"""Images that are built only to be looked at."""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType

from stackproof.errors import Unmeasurable
from stackproof.model.artifacts import Built, Image
from stackproof.model.proof import Json
from stackproof.model.running import Bench, Completed, Workshop
from stackproof.model.stack import AnyBuild, GivenBuild, Stack
from stackproof.prove import inside
from stackproof.prove.ledger import Ledger
from stackproof.prove.verdicts import Row, text
from stackproof.tools import command

_FIX = "Build the image with `stackproof build` and start it by hand with `docker run --rm -it IMAGE sh`."
_NONE: Mapping[str, str] = MappingProxyType({})


@contextmanager
def built(
    bench: Bench,
    folder: Path,
    purpose: str,
    *,
    cold: bool = False,
    dockerfile: str | None = None,
    variables: Mapping[str, str] = _NONE,
    image: AnyBuild | None = None,
) -> Iterator[Built]:
    """The folder's image, for a while; the Python one where `image` names no other of the stack."""
    tag = f"{bench.stack.name}-proof:{purpose}"
    workshop = bench.workshop
    try:
        yield workshop.build(
            folder, bench.stack, tag=tag, cold=cold, dockerfile=dockerfile, variables=variables, image=image
        )
    finally:
        workshop.discard(tag)


def of_python(stack: Stack) -> AnyBuild:
    """What its Python image is made from. Raises Unmeasurable where an adopted stack builds none."""
    build = stack.python_build
    if stack.adopted and not (isinstance(build, GivenBuild) and build.software == "python"):
        raise Unmeasurable(f"{stack.name} builds no image that holds Python", fix="There is nothing to look at.")
    return build


def named(found: Sequence[Row], row: Row) -> str:
    """In front of what is said about one of several images."""
    return f"{text(row, 'name')}: " if len(found) > 1 else ""


def shell(bench: Bench, name: str, script: str, user: str | None = None) -> Completed:
    """A script for the shell of an image that has no Python. Raises ToolFailed where it did not run to its end."""
    done = bench.workshop.run(bench.image(name).image, ("sh", "-c", script), user=user)
    return command.must(done, f"Looking inside the image {name}", _FIX)


def look(bench: Bench, module: str, *arguments: Json, user: str | None = None) -> tuple[dict[str, Json], Completed]:
    """The answer of a script of `inside` that ran in the stack's image, and how it ran."""
    done = bench.workshop.look(bench.image().image, inside.script(module, *arguments), user=user)
    named = Completed(("python", "-c", f"<{module}>"), done.exit_code, done.seconds, done.output, done.errors)
    return inside.answer(named), named


# What the user says for a build of this stack.
Given = Callable[[Stack, AnyBuild], Mapping[str, str]]


def nothing(_stack: Stack, _image: AnyBuild) -> Mapping[str, str]:
    return _NONE


class RecordedWorkshop:
    """A workshop whose images are written down in the ledger before they are built, each with what the user says."""

    def __init__(self, workshop: Workshop, ledger: Ledger, given: Given = nothing) -> None:
        self._workshop = workshop
        self._ledger = ledger
        self._given = given
        self._one_at_a_time = threading.Lock()  # two builds at once have crashed the BuildKit of Docker 26.1

    def build(
        self,
        context: Path,
        stack: Stack,
        *,
        tag: str,
        cold: bool = False,
        dockerfile: str | None = None,
        variables: Mapping[str, str] = _NONE,
        image: AnyBuild | None = None,
    ) -> Built:
        self._ledger.add("image", tag)
        said = {**self._given(stack, image or of_python(stack)), **variables}
        with self._one_at_a_time:
            return self._workshop.build(
                context, stack, tag=tag, cold=cold, dockerfile=dockerfile, variables=said, image=image
            )

    def run(self, image: Image, argv: tuple[str, ...], *, user: str | None = None, timeout: float = 60.0) -> Completed:
        return self._workshop.run(image, argv, user=user, timeout=timeout)

    def look(self, image: Image, script: str, *, user: str | None = None, timeout: float = 60.0) -> Completed:
        return self._workshop.look(image, script, user=user, timeout=timeout)

    def layer_files(self, image: Image) -> Iterator[tuple[str, str, bytes]]:
        return self._workshop.layer_files(image)

    def history(self, image: Image) -> str:
        return self._workshop.history(image)

    def discard(self, tag: str) -> None:
        self._workshop.discard(tag)
        self._ledger.strike("image", tag)

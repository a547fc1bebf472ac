"""One run of `docker buildx build`: its arguments, its progress, and the words for its failures."""

import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from stackproof.build.docker import dockerfile, progress
from stackproof.errors import BuildFailed, ToolFailed, UserError
from stackproof.model.running import Completed, Note, Progress
from stackproof.model.stack import AnyBuild, GivenBuild, NodeBuild, Stack, resolve
from stackproof.tools import command, net
from stackproof.tools.docker.engine import OTHERWISE, Engine

PROJECT_LABEL = "dev.stackproof.project"
_LONGEST = 3600.0  # seconds


@dataclass(frozen=True)
class Order:
    """What to build. `text` replaces the context's own Dockerfile; `file` is another one than the usual."""

    context: Path
    target: str
    tag: str
    project: str
    cold: bool
    text: str | None
    variables: Mapping[str, str]
    file: Path | None = None
    contexts: tuple[str, ...] = ()  # further ones: "name=path"


def order(
    context: Path,
    stack: Stack,
    image: AnyBuild,
    *,
    tag: str,
    cold: bool,
    text: str | None,
    variables: Mapping[str, str],
) -> Order:
    """`context` is the project's folder; a front end has its own below it, and arguments of its own."""
    if isinstance(image, GivenBuild):
        return _given(context, stack, image, tag, cold, text, variables)
    if isinstance(image, NodeBuild):
        variables = {**_arguments(stack, image), **variables}
        context = context / image.context
    return Order(context, image.target, tag, stack.project, cold, text, variables)


def _given(
    context: Path, stack: Stack, image: GivenBuild, tag: str, cold: bool, text: str | None, variables: Mapping[str, str]
) -> Order:
    """As Compose would build it, from the project's folder `context`."""
    return Order(
        context / image.context,
        image.target,
        tag,
        stack.project,
        cold,
        text if text is not None else image.text,
        {**dict(image.arguments), **variables},
        context / image.dockerfile,
        tuple(f"{name}={where if '://' in where else context / where}" for name, where in image.contexts),
    )


def run(engine: Engine, order: Order, note: Note) -> Completed:
    """Build and load it into the engine. Raises BuildFailed where the Dockerfile or the application is at fault."""
    docker = command.find("docker", fix=f"Install the Docker command-line client with its buildx plugin, {OTHERWISE}")
    steps = progress.Steps()
    note(Progress("build", order.tag, "sending the context", "begun"))
    with tempfile.TemporaryDirectory(prefix="stackproof-build-") as scratch:
        file = _beside_ignored(order, Path(scratch))
        done = command.follow(
            (docker, *arguments(order, engine.environment.get("STACKPROOF_CA_BUNDLE"), file)),
            timeout=_LONGEST,
            line=_noting(steps, order.tag, note),
            # buildx leaves a folder behind for each Dockerfile that it reads from its input: it does so in ours
            env={**engine.environment, **order.variables, "TMPDIR": scratch},
            stdin=b"" if file else _dockerfile(order).encode(),
        )
    if done.exit_code == 0:
        note(Progress("build", order.tag, f"{done.seconds:.1f} s", "done"))
        return done
    note(Progress("build", order.tag, steps.failed or "failed", "failed"))
    raise _failure(done, steps, order)


def arguments(order: Order, ca_bundle: str | None, file: Path | None = None) -> tuple[str, ...]:
    """The words after `docker`. Build variables are named only: their values come from the environment."""
    words = ["buildx", "build", "--load", "--progress", "plain", "--provenance=false", "--file", str(file or "-")]
    words += ["--target", order.target] if order.target else []
    words += [word for each in order.contexts for word in ("--build-context", each)]
    words += ["--tag", order.tag, "--label", f"{PROJECT_LABEL}={order.project}"]
    words += ["--secret", f"id=ca,src={ca_bundle}"] if ca_bundle else []
    words += ["--no-cache"] if order.cold else []
    words += [word for name in order.variables for word in ("--build-arg", name)]
    return (*words, str(order.context))


def _beside_ignored(order: Order, scratch: Path) -> Path | None:
    """A Dockerfile with an ignore file of its own name: BuildKit only finds that beside a file. None without one."""
    ignored = order.file.with_name(f"{order.file.name}.dockerignore") if order.file else None
    if ignored is None or not ignored.is_file():
        return None
    file = scratch / "Dockerfile"
    file.write_text(_dockerfile(order), encoding="utf-8")
    shutil.copyfile(ignored, scratch / "Dockerfile.dockerignore")
    return file


def _arguments(stack: Stack, image: NodeBuild) -> Mapping[str, str]:
    """As Compose would give them: addresses inside the stack's own networks; an empty one is not given."""
    known: dict[str, str] = {}
    for service in stack.services:
        known |= {f"{service.name}.host": service.name, f"{service.name}.port": str(service.port)}
    return {name: resolve(value, known) for name, value in image.arguments if value}


def _dockerfile(order: Order) -> str:
    if order.text is None:
        path = order.file or order.context / "Dockerfile"
        if not path.is_file():
            fix = "Commit it: git ignores it." if order.file else "Write it: stackproof render"
            raise UserError(f"{path}: no such file", fix=fix)
        text = path.read_text(encoding="utf-8")
    else:
        text = order.text
    return dockerfile.cold(text) if order.cold else text


def _noting(steps: progress.Steps, tag: str, note: Note) -> Callable[[str], None]:
    def heard(line: str) -> None:
        if step := steps.read(line):
            note(Progress("build", tag, step))

    return heard


def _failure(done: Completed, steps: progress.Steps, order: Order) -> UserError:
    said = progress.last_words(done.output + done.errors)
    if done.exit_code is None:
        return ToolFailed(
            f"building {order.tag} did not end within {done.seconds:.0f} s\n{said}", fix="See the last step."
        )
    if progress.no_engine(said):
        return ToolFailed(f"the Docker Engine went away during the build\n{said}", fix="Start it, then build again.")
    if base := progress.missing_base(said):
        return ToolFailed(
            f"the base image {base} is not on this engine and cannot be pulled\n{said}",
            fix=f"Give the engine access to its registry, or load the image: docker load; {OTHERWISE}",
        )
    if net.unreached(said):
        return ToolFailed(f"what {order.tag} is made from could not be fetched\n{said}", fix=net.NETWORK_FIX)
    step = f" at {steps.failed}" if steps.failed else ""
    return BuildFailed(
        f"the image {order.tag} could not be built{step}\n{said}", fix="Mend the step shown, then build again."
    )

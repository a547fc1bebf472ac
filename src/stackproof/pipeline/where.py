"""Where a stack runs: on which runtime, in which folder, and how a later command finds it again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from stackproof.errors import ToolFailed, UserError

if TYPE_CHECKING:
    from stackproof.model.running import Running, Runtime, Site, Workshop
    from stackproof.model.stack import AnyBuild, Stack
    from stackproof.model.work import Note

STATE = ".stackproof"
_REMEMBERED = "runtime"  # file in the state folder: where the stack was brought up


def site(root: Path, stack: Stack) -> Site:
    """Where this environment's state lies, and the user's own variables if there are any."""
    from stackproof.model.running import Site

    env_file = root / "deploy" / "env" / f"{stack.environment}.env"
    here = root.resolve()
    if stack.adopted:  # its variables are filled in
        return Site(here, here / STATE / state_name(stack))
    return Site(here, here / STATE / state_name(stack), env_file.resolve() if env_file.is_file() else None)


def state_name(stack: Stack) -> str:
    """What was adopted may be up beside what is rendered."""
    return f"adopted-{stack.environment}" if stack.adopted else stack.environment


def given_to_build(site: Site, image: AnyBuild) -> Mapping[str, str]:
    """What the user's own variables say for a build that puts them into files, as Compose would hand them on."""
    from stackproof.model.stack import NodeBuild
    from stackproof.run.process.env_file import parse

    if site.env_file is None or not isinstance(image, NodeBuild):
        return {}
    try:
        said = parse(site.env_file.read_text(encoding="utf-8"), site.env_file.name)
    except UnicodeDecodeError as problem:
        raise UserError(f"{site.env_file} is not UTF-8 text", fix="Save it as UTF-8.") from problem
    return {name: said[name] for name, value in image.arguments if not value and name in said}


def beside(stack: Stack, site: Site, on: str) -> Runtime:
    """Where the stack already runs, else as `choose`. Raises UserError where it runs on another than the named one."""
    here = next((runtime for runtime, _ in found(stack, site, "auto")), None)
    if here and on not in ("auto", here.name):
        raise UserError(
            f"{stack.name} is up on {here.name} already",
            fix=f"Bring it down first: stackproof down --env {stack.environment}",
        )
    return here or choose(on)


def choose(on: str) -> Runtime:
    """The runtime by name; "auto": an engine that answers, else processes."""
    from stackproof.run import RUNTIMES

    if on != "auto":
        return RUNTIMES[on]()
    docker = RUNTIMES["docker"]()
    try:
        docker.tools()
    except ToolFailed:
        return RUNTIMES["process"]()
    return docker


def docker(on: str) -> Runtime:
    """The one runtime of container files that somebody else wrote."""
    from stackproof.run import RUNTIMES

    if on == "process":
        raise UserError("Compose files run on a Docker Engine only", fix="Leave out --on process.")
    return RUNTIMES["docker"]()


def found(stack: Stack, site: Site, on: str) -> Iterator[tuple[Runtime, Running]]:
    """Where the stack is up: on the named runtime, or the remembered one; else wherever it is found."""
    if runtime := named(site, on):
        if running := runtime.attach(stack, site):
            yield runtime, running
        return
    for runtime in everywhere():
        with suppress(ToolFailed):  # no engine: nothing of ours runs there
            if running := runtime.attach(stack, site):
                yield runtime, running


def named(site: Site, on: str) -> Runtime | None:
    return remembered(site) if on == "auto" else choose(on)


def everywhere() -> Iterator[Runtime]:
    from stackproof.run import RUNTIMES

    yield from (make() for make in RUNTIMES.values())


def remember(site: Site, runtime: Runtime) -> None:
    from stackproof.model.artifacts import Artifact
    from stackproof.write import files

    try:
        site.state.mkdir(parents=True, exist_ok=True)
        files.replace(site.state, [Artifact(_REMEMBERED, runtime.name)])
    except OSError as problem:
        raise ToolFailed(
            f"{site.state} cannot be written: {problem.strerror}",
            fix="Make the project's folder writable for you, and see that its disk is not full.",
        ) from problem


def remembered(site: Site) -> Runtime | None:
    """None where nothing is, or nothing that is known here: then it is looked for."""
    from stackproof.run import RUNTIMES

    memory = site.state / _REMEMBERED
    name = memory.read_text(errors="replace").strip() if memory.is_file() else ""
    return RUNTIMES[name]() if name in RUNTIMES else None


def forget(site: Site) -> None:
    (site.state / _REMEMBERED).unlink(missing_ok=True)


def left_out(stack: Stack, runtime: Runtime, profiles: frozenset[str]) -> frozenset[str]:
    """Services that cannot run there for what they are, known before anything is tried."""
    if runtime.name == "docker":
        return frozenset()
    from stackproof.run.process import leaving

    return frozenset(leaving.reasons(stack.active(profiles), stack))


def workshop(runtime: Runtime, note: Note) -> Workshop | None:
    if runtime.name != "docker":
        return None
    from stackproof.build.docker import DockerWorkshop

    return DockerWorkshop(note=note)

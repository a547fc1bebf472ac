"""A stack that is up, and the tools that build and look at its image: what runtimes offer to claims.

A method that a runtime cannot offer raises `Unmeasurable` with the reason; one whose tool failed raises `ToolFailed`.
An answer that the user's stack gave (a container exited, a request got 500) is a value, never an exception.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from stackproof.model.artifacts import Artifact, Built, Image
from stackproof.model.breaking import Breakable
from stackproof.model.facts import Project
from stackproof.model.seen import Attempt as Attempt
from stackproof.model.seen import Event as Event
from stackproof.model.seen import HealthState as HealthState
from stackproof.model.seen import LimitsFound as LimitsFound
from stackproof.model.seen import ProcessFacts as ProcessFacts
from stackproof.model.seen import ServiceState as ServiceState
from stackproof.model.seen import Status as Status
from stackproof.model.seen import Stopped as Stopped
from stackproof.model.source import SourceTree
from stackproof.model.stack import AnyBuild, EnvironmentName, Stack
from stackproof.model.work import Completed as Completed
from stackproof.model.work import Note as Note
from stackproof.model.work import Progress as Progress


class Running(Breakable, Protocol):
    """A stack that is up on some runtime.

    `stack` is what was brought up: without the services that this runtime or machine cannot run, which `left_out`
    names with the reason. `replica`, from 1, chooses one of several containers of a service.
    """

    stack: Stack

    @property
    def left_out(self) -> Mapping[str, str]: ...

    def states(self) -> tuple[ServiceState, ...]: ...
    def events(self) -> tuple[Event, ...]:
        """Everything since `up` began, oldest first."""
        ...

    def wait_for(self, service: str, health: HealthState, within: float) -> float | None:
        """Seconds until every replica of it is in that state of health; None if not within `within` seconds."""
        ...

    def address(self, service: str) -> str:
        """Where its published port answers: "http://127.0.0.1:8000"; the proxy's address where that leads to it."""
        ...

    def run(self, service: str, argv: tuple[str, ...], timeout: float = 20.0, replica: int = 1) -> Completed:
        """Run a command inside the service: its files, environment and user. `python` is the project's interpreter.

        Secrets that the service gets through the launcher are filled in for the command, too.
        """
        ...

    def beside(
        self,
        service: str,
        port: int,
        script: str,
        timeout: float = 20.0,
        replica: int = 1,
        line: Callable[[str], None] | None = None,
    ) -> Completed:
        """Run a Python script where this port of the service is one of 127.0.0.1: its last argument says which.

        The script has nothing else of the service, and outlives it. `line` is called with what it prints.
        """
        ...

    def processes(self, service: str, replica: int = 1) -> tuple[ProcessFacts, ...]: ...
    def limits(self, service: str, replica: int = 1) -> LimitsFound: ...
    def attempts(self) -> tuple[Attempt, ...]:
        """Try every listening port of every service from outside."""
        ...

    def addresses(self, service: str, replica: int = 1) -> tuple[str, ...]:
        """Its IP addresses, one for each network of the stack that it is on."""
        ...

    def reaches(self, service: str, targets: tuple[tuple[str, int], ...], replica: int = 1) -> tuple[bool, ...]:
        """Whether a connection opens that begins where the service is in the network: to each (IP address, port)."""
        ...

    def outside(self) -> AbstractContextManager[tuple[str, int]]:
        """A server of ours on the engine's machine, in none of the stack's networks: its IP address and port."""
        ...

    def takes(self) -> Mapping[str, tuple[str, ...]]:
        """What it has of the machine, by kind; the names are the engine's. Nothing where the stack is down."""
        ...

    def shown(self, service: str, replica: int = 1) -> str:
        """What anybody may see who may look at the runtime: its arguments and environment as it was started."""
        ...

    def logs(self, service: str, replica: int = 1) -> str:
        """What the service wrote to standard output and error."""
        ...

    def now(self) -> float:
        """Seconds on a clock that only goes forward."""
        ...

    def pause(self, seconds: float) -> None: ...


@dataclass(frozen=True)
class Site:
    """Where a stack lives on disk: `root` has the source and the rendered files, `state` is ours alone to write.

    `env_file` is the user's own file of settable variables, where there is one.
    """

    root: Path
    state: Path
    env_file: Path | None = None


class Runtime(Protocol):
    """Where stacks can run. Constructing one touches nothing."""

    @property
    def name(self) -> Literal["process", "docker"]: ...

    def tools(self) -> Mapping[str, str]:
        """Check that everything it drives is there; names and versions. Raises ToolFailed with the way out."""
        ...

    def life(self) -> AbstractContextManager[Callable[[], str]]:
        """Says for a while which run of its engine this is: another text once that was restarted; "" without one."""
        ...

    def up(self, stack: Stack, site: Site, note: Note, profiles: frozenset[str] = frozenset()) -> "Running":
        """Start what is not running, dependencies first, each gated on its needs; return when all is healthy.

        Raises UserError (a port in use, the same stack being brought up elsewhere), ToolFailed, or `NotHealthy` with
        the last log lines of the service that did not come up. Whatever interrupts it, nothing half-started stays.
        """
        ...

    def attach(self, stack: Stack, site: Site) -> "Running | None":
        """The stack if it is up. Heals first what a killed stackproof left behind."""
        ...

    def down(self, stack: Stack, site: Site, note: Note, *, volumes: bool) -> tuple[str, ...]:
        """Stop and remove everything that `up` made; names of what was removed. Nothing there: nothing happens."""
        ...


class Workshop(Protocol):
    """Builds images of a context folder (source and rendered files) and looks inside them."""

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
        """Build one image: `image` of the stack, the Python one where None; `context` is the project's for each.

        `cold`: no layer and no download cache is used. `dockerfile` replaces the context's own. `variables` are build
        arguments and also stand in the builder's environment. Raises BuildFailed.
        """
        ...

    def run(self, image: Image, argv: tuple[str, ...], *, user: str | None = None, timeout: float = 60.0) -> Completed:
        """Run a command in a fresh container of the image, without network, as the image's user or `user`."""
        ...

    def look(self, image: Image, script: str, *, user: str | None = None, timeout: float = 60.0) -> Completed:
        """The same with a Python script, in an image that has Python."""
        ...

    def layer_files(self, image: Image) -> Iterator[tuple[str, str, bytes]]:
        """Every regular file of every layer, deleted ones too: (layer digest, path, contents)."""
        ...

    def history(self, image: Image) -> str:
        """Configuration, labels and history as JSON text."""
        ...

    def discard(self, tag: str) -> None: ...


class Bench(Protocol):
    """What a claim is given to measure with."""

    stack: Stack
    tree: SourceTree
    project: Project
    artifacts: tuple[Artifact, ...]

    def context(self) -> AbstractContextManager[Path]:
        """A fresh folder with the source as given and the rendered files; gone afterwards."""
        ...

    def clone(self) -> AbstractContextManager[Path]:
        """The same from `git archive` of the last commit: what a stranger would get. Unmeasurable without git."""
        ...

    @property
    def workshop(self) -> Workshop:
        """Unmeasurable where there is no container engine."""
        ...

    def image(self, name: str = "") -> Built:
        """The stack's image that is built under this name ("": the Python one), built once."""
        ...

    def running(self) -> Running:
        """The stack, brought up once."""
        ...

    def root(self) -> Path:
        """The folder that the stack was brought up from: the source and the rendered files, for the proof alone."""
        ...

    def others(self) -> tuple[EnvironmentName, ...]:
        """The project's other environments."""
        ...

    def other(self, environment: EnvironmentName) -> AbstractContextManager[Running]:
        """One of them, built and brought up beside the stack for a while. Raises what `Runtime.up` raises."""
        ...

    def again(self) -> Running:
        """The stack taken down without its volumes, and brought up once more."""
        ...

    def secret(self, name: str, environment: EnvironmentName | None = None) -> str:
        """The text that the proof gave to a secret of the stack, or of another one of the environments."""
        ...

    def advisories(self) -> Path | None:
        """The OSV database that the settings name: a folder or a zip file."""
        ...

    def install(self, context: Path) -> Completed:
        """Make the project's environment from its lock in `context` and import the application there.

        On an engine this is the image build and an import inside the image; on `process` a virtual environment.
        """
        ...

    def tool(self, argv: tuple[str, ...], cwd: Path, timeout: float = 120.0) -> Completed:
        """Run a tool of the host in a folder (uv, git)."""
        ...

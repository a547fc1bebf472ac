"""One Docker Engine: asked through its API, and everything that goes wrong with it turned into words."""

import os
import re
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from stackproof.errors import ToolFailed
from stackproof.model.running import Completed
from stackproof.tools import command
from stackproof.tools.docker import endpoint
from stackproof.tools.docker.endpoint import Endpoint

if TYPE_CHECKING:
    from docker import APIClient

T = TypeVar("T")
Json = dict[str, Any]  # the engine's own documents

LABEL = "dev.stackproof.stack"  # on everything that we ourselves create beside the Compose file
OTHERWISE = "or run without containers: --on process"
_GONE = re.compile(r"^(ERROR: )?(Cannot connect to the Docker daemon|error during connect)", re.MULTILINE)
_PATIENCE = 60  # seconds that one answer of the engine may take


class InUse(ToolFailed):
    """The engine will not remove a thing while another uses it."""


class Engine:
    """The engine that `environ` leads to. Constructing one touches nothing; the first question connects."""

    def __init__(self, environ: Mapping[str, str] | None = None) -> None:
        self._environ = os.environ if environ is None else environ
        self._connected: APIClient | None = None

    @cached_property
    def endpoint(self) -> Endpoint:
        return endpoint.find(self._environ)

    @cached_property
    def environment(self) -> dict[str, str]:
        """What the `docker` command and its plugins get to see."""
        return endpoint.cleaned(self._environ, self.endpoint)

    def ask(self, doing: str, question: Callable[[Any], T]) -> T:
        """The engine's answer. Raises ToolFailed in words, whatever the SDK below it raised."""
        with in_words(doing, self.endpoint):
            return question(self._api())

    def ask_for(self, doing: str, question: Callable[[Any], T]) -> T | None:
        """The same, and None for something that is not there."""
        from docker.errors import NotFound

        with in_words(doing, self.endpoint):
            try:
                return question(self._api())
            except NotFound:
                return None

    def connection(self) -> "APIClient":
        """A new connection, for a stream of its own; the caller closes it."""
        from docker import APIClient

        with in_words("Connecting to the Docker Engine", self.endpoint):
            host, tls = self.endpoint.host, self.endpoint.tls
            if self.endpoint.local:
                _knock(host.removeprefix("unix://"))
            return APIClient(host, version="auto", timeout=_PATIENCE, tls=tls or False, use_ssh_client=True)

    def command(self, *words: str, timeout: float) -> Completed:
        """Run the `docker` command against this same engine. Raises ToolFailed where the engine is not there."""
        docker = command.find("docker", fix=f"Install the Docker command-line client, {OTHERWISE}")
        done = command.run((docker, *words), timeout=timeout, env=self.environment)
        if done.exit_code != 0 and _GONE.search(done.errors):
            problem = ConnectionError(done.errors.strip().splitlines()[-1])
            raise unreachable(f"docker {words[0]}", self.endpoint, problem)
        return done

    def close(self) -> None:
        if self._connected is not None:
            self._connected.close()
            self._connected = None

    def _api(self) -> "APIClient":
        if self._connected is None:
            self._connected = self.connection()
        return self._connected


def _knock(path: str) -> None:
    """Raise the system's own error for a socket that cannot be used: the SDK wraps it, and leaks a socket."""
    with socket.socket(socket.AF_UNIX) as probe:
        probe.connect(path)


@contextmanager
def in_words(doing: str, at: Endpoint) -> Iterator[None]:
    """The one place where the exceptions of the SDK and of the libraries below it become ours."""
    from docker.errors import APIError, DockerException, StreamParseError
    from requests.exceptions import RequestException

    try:
        yield
    except APIError as problem:
        said = str(problem.explanation or problem).strip()
        kind = InUse if problem.status_code in (403, 409) else ToolFailed  # 403: a network with endpoints
        raise kind(
            f"{doing} failed; the Docker Engine said: {said}", fix="Follow what it says, then run the command again."
        ) from problem
    except (RequestException, DockerException, StreamParseError, OSError) as problem:
        raise unreachable(doing, at, problem) from problem


def unreachable(doing: str, at: Endpoint, problem: BaseException) -> ToolFailed:
    """The words for an engine that cannot be reached, by what lies at the bottom of the SDK's exception."""
    causes = tuple(_causes(problem, set()))
    where = f"{at.host} (from {at.chosen_by})"
    if any(isinstance(cause, PermissionError) for cause in causes):
        return ToolFailed(
            f"no permission to use the Docker Engine at {where}",
            fix=f"Join its group: sudo usermod -aG docker $USER, then log in again; {OTHERWISE}",
        )
    if any(isinstance(cause, FileNotFoundError) for cause in causes):
        return ToolFailed(
            f"no Docker Engine at {where}: there is no such socket",
            fix=f"Install or start Docker (sudo systemctl start docker), or set DOCKER_HOST; {OTHERWISE}",
        )
    if any(isinstance(cause, ConnectionRefusedError) for cause in causes):
        return ToolFailed(
            f"the Docker Engine at {where} is not running: it refuses connections",
            fix=f"Start it: sudo systemctl start docker; {OTHERWISE}",
        )
    said = str(causes[-1]) or type(causes[-1]).__name__
    return ToolFailed(
        f"{doing} failed: the Docker Engine at {where} does not answer: {said}",
        fix=f"See if it runs: docker info. When it is back, `stackproof down` removes what is left; {OTHERWISE}",
    )


def timed_out(problem: BaseException) -> bool:
    """Whether our own time limit is at the bottom of an exception."""
    return any(
        isinstance(cause, TimeoutError) or "Timeout" in type(cause).__name__ for cause in _causes(problem, set())
    )


def _causes(problem: BaseException, seen: set[int]) -> Iterator[BaseException]:
    """An exception and all that it wraps: the SDK, requests and urllib3 hide the system's error in `args` too."""
    if id(problem) in seen:
        return
    seen.add(id(problem))
    yield problem
    for inner in (*problem.args, problem.__cause__, problem.__context__):
        if isinstance(inner, BaseException):
            yield from _causes(inner, seen)

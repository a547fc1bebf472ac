"""Single containers, locked down as rendered files lock theirs down: started, asked, removed with their volumes."""

import subprocess
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

LOCKED = ("--read-only", "--tmpfs", "/tmp", "--cap-drop", "ALL", "--security-opt", "no-new-privileges")
PATIENCE = 240.0  # seconds; for a machine that is busy with other things


@dataclass(frozen=True, slots=True)
class Said:
    """What a command of the client said."""

    code: int
    output: str
    errors: str


@dataclass(frozen=True, slots=True)
class Container:
    name: str

    def run(self, *words: str) -> Said:
        return docker("exec", self.name, *words)

    def output(self) -> str:
        said = docker("logs", self.name)
        return said.output + said.errors

    def port(self, inside: int) -> int:
        """The port of this machine that leads to the one inside."""
        return int(_done("port", self.name, f"{inside}/tcp").splitlines()[0].rsplit(":", 1)[1])

    def stop(self) -> int:
        """Its exit code, after the signal that its image names; killed, it would be 137."""
        _done("stop", "--time", str(int(PATIENCE)), self.name)
        return int(_done("inspect", "--format", "{{.State.ExitCode}}", self.name))

    def eventually(self, *words: str, says: str) -> None:
        """Waits until a command inside ends well and says this."""
        self.until(lambda: (said := self.run(*words)).code == 0 and says in said.output, f"{words} says {says!r}")

    def until(self, holds: Callable[[], bool], what: str) -> None:
        begun = time.monotonic()
        while not holds():
            assert time.monotonic() - begun < PATIENCE, f"not seen: {what}\n{self.output()}"
            time.sleep(0.25)


def docker(*words: str) -> Said:
    done = subprocess.run(("docker", *words), capture_output=True, text=True, timeout=3 * PATIENCE, check=False)
    return Said(done.returncode, done.stdout, done.stderr)


def once(image: str, *words: str, options: tuple[str, ...]) -> Said:
    """A container that does one thing."""
    return docker("run", "--rm", *LOCKED, *options, image, *words)


@contextmanager
def started(image: str, *words: str, options: tuple[str, ...]) -> Iterator[Container]:
    name = unique("container")
    try:
        _done("run", "--detach", "--name", name, *LOCKED, *options, image, *words)
        yield Container(name)
    finally:
        _done("rm", "--force", "--volumes", name)


@contextmanager
def network() -> Iterator[str]:
    name = unique("network")
    _done("network", "create", name)
    try:
        yield name
    finally:
        _done("network", "rm", name)


@contextmanager
def volume() -> Iterator[str]:
    name = unique("volume")
    _done("volume", "create", name)
    try:
        yield name
    finally:
        _done("volume", "rm", name)


def unique(kind: str) -> str:
    return f"stackproof-bases-{kind}-{uuid.uuid4().hex[:12]}"


def _done(*words: str) -> str:
    said = docker(*words)
    assert said.code == 0, (words, said.output, said.errors)
    return said.output

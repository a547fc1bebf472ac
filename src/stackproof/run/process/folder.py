"""The state folder: what lies where, and the two files that outlive the supervisor."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from stackproof.errors import UserError
from stackproof.model.running import Event, ServiceState
from stackproof.run.process.launch import Launch
from stackproof.run.process.proc import Identity

HOME = ".stackproof"  # everything of ours in a project lies in a folder of this name


@dataclass(frozen=True, slots=True)
class Kept:
    """`state.json`: enough to find everything again after any kind of death. Holds no environment, so no secret."""

    stack: str
    id: str  # of this `up`; in the mark of every process, and the name of the supervisor's socket
    boot: str
    supervisor: Identity
    begun: float  # the machine's monotonic clock when `up` began
    services: tuple[ServiceState, ...] = ()
    mains: dict[str, Identity] = field(default_factory=dict)  # main process by service
    ports: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Folder:
    """Paths of one environment's state."""

    path: Path

    @property
    def cache(self) -> Path:
        """Shared by all environments of the project and by its proofs."""
        home = next((folder for folder in self.path.parents if folder.name == HOME), self.path.parent)
        return home / "cache"

    @property
    def state(self) -> Path:
        return self.path / "state.json"

    @property
    def events(self) -> Path:
        return self.path / "events.jsonl"

    @property
    def away(self) -> Path:
        return self.path / "away.json"

    @property
    def frozen(self) -> Path:
        return self.path / "frozen.json"

    def scratch(self, service: str) -> Path:
        return self.path / "scratch" / service

    def volume(self, name: str) -> Path:
        return self.path / "volumes" / name

    def log(self, service: str) -> Path:
        return self.path / "logs" / f"{service}.log"

    def ours(self) -> bool:
        """Whether there is such a folder. Raises UserError where it is another user's."""
        if not self.path.is_dir():
            return False
        owner = self.path.stat().st_uid
        if owner != os.geteuid():
            fix = "Run stackproof as that user, with or without sudo as before."
            raise UserError(f"{self.path} belongs to another user (uid {owner})", fix=fix)
        return True

    def make(self) -> None:
        """Make the folder, for this user's eyes only, and hide it from git. Raises UserError where it cannot be."""
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            self.ours()
            self.path.chmod(0o700)
            self.cache.mkdir(parents=True, exist_ok=True)
            for folder in (self.path, self.cache):
                if not (folder / ".gitignore").exists():
                    replace(folder / ".gitignore", b"*\n")
        except OSError as problem:
            fix = "Make its disk writable for you, and see that it is not full."
            raise UserError(f"{self.path} cannot be written: {problem.strerror}", fix=fix) from problem

    def kept(self) -> Kept | None:
        """None where nothing is up. Raises UserError for a file that is not ours."""
        try:
            return msgspec.json.decode(self.state.read_bytes(), type=Kept)
        except FileNotFoundError:
            return None
        except msgspec.DecodeError as problem:
            fix = "If nothing of this stack runs any more, remove the file."
            raise UserError(f"{self.state} cannot be read: {problem}", fix=fix) from problem

    def keep(self, state: Kept) -> None:
        replace(self.state, msgspec.json.format(msgspec.json.encode(state), indent=1))

    def read_events(self) -> tuple[Event, ...]:
        try:
            lines = self.events.read_bytes().splitlines()
        except FileNotFoundError:
            return ()
        return tuple(msgspec.json.decode(line, type=Event) for line in lines if line.endswith(b"}"))

    def clear(self) -> None:
        """Remove what only a running stack needs. Logs and events stay until the next `up`."""
        self.state.unlink(missing_ok=True)
        for name in ("scratch", "node"):
            shutil.rmtree(self.path / name, ignore_errors=True)

    def forget_history(self) -> None:
        shutil.rmtree(self.path / "logs", ignore_errors=True)
        self.events.unlink(missing_ok=True)

    def forget(self) -> tuple[str, ...]:
        """Remove the volumes, the logs and the events; names of the volumes."""
        volumes = self.path / "volumes"
        names = tuple(sorted(entry.name for entry in volumes.iterdir())) if volumes.is_dir() else ()
        shutil.rmtree(volumes, ignore_errors=True)
        self.forget_history()
        return names


def replace(path: Path, data: bytes) -> None:
    """Write a file whole or not at all."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


class Busy(UserError):
    """Another stackproof works on the same thing."""


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Wait until nobody else holds this lock file, and hold it."""
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def locked(path: Path, busy: str) -> Iterator[None]:
    """Hold a lock file; the kernel lets go of it whatever happens to us. Raises Busy if another process has it.

    `busy` holds "{holder}" for that process.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = file.read().strip() or "unknown"
            fix = "Wait until it has ended, or end it, and try again."
            raise Busy(busy.format(holder=f"pid {holder}"), fix=fix) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield
        file.truncate(0)


def ports(launches: tuple[Launch, ...]) -> dict[str, int]:
    return {launch.name: launch.port for launch in launches if launch.port is not None}

"""What a proof makes outside its process, written down before it is made, so that the next proof can remove it."""

import fcntl
import shutil
import tempfile
import threading
import uuid
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from stackproof.errors import UserError

_PREFIX = "stackproof-prove-"


class Ledger:
    """Holds the state folder's lock while it is open: one proof of a project at a time, and what the file lists when
    the lock is got was left by a proof that was killed. The lock goes with the process, however it ends.
    """

    def __init__(self, state: Path, discard: Callable[[str], None] | None) -> None:
        """`discard` removes an image; None where there is no engine to ask."""
        self._state = state
        self._discard = discard
        self._lock: IO[bytes] | None = None
        self._lines: list[str] = []
        self._one_at_a_time = threading.Lock()  # claims are measured in several threads

    def __enter__(self) -> Self:
        self._state.mkdir(parents=True, exist_ok=True)
        (self._state / ".gitignore").write_text("*\n")
        lock = (self._state / "lock").open("wb")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            raise UserError(
                f"{self._state}: another proof of this project is running", fix="Wait until it has ended."
            ) from None
        self._lock = lock
        self._lines = self._file.read_text().splitlines() if self._file.exists() else []
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.sweep()
        if self._lock is not None:
            self._lock.close()

    def left(self, kind: str) -> tuple[str, ...]:
        return tuple(line.partition(" ")[2] for line in self._lines if line.startswith(f"{kind} "))

    def folder(self) -> Path:
        """A new, empty folder of our own."""
        path = Path(tempfile.gettempdir()) / f"{_PREFIX}{uuid.uuid4().hex[:12]}"
        self.add("folder", str(path))
        path.mkdir(mode=0o700)
        return path

    def add(self, kind: str, name: str) -> None:
        """Write down what is about to be made: `folder`, `image`, `stack`, or the `site` of the stack."""
        with self._one_at_a_time:
            self._write([*self._lines, f"{kind} {name}"])

    def strike(self, kind: str, name: str) -> None:
        """It is gone."""
        with self._one_at_a_time:
            self._write([line for line in self._lines if line != f"{kind} {name}"])

    def remove(self, folder: Path) -> None:
        if folder.exists():
            shutil.rmtree(folder)
        self.strike("folder", str(folder))

    def sweep(self) -> None:
        """Remove every folder and image that is listed; images stay listed where no engine can be asked."""
        for name in self.left("folder"):
            self.remove(Path(name))
        for tag in self.left("image") if self._discard else ():
            self._discard_image(tag)

    def _discard_image(self, tag: str) -> None:
        if self._discard is not None:
            self._discard(tag)
            self.strike("image", tag)

    @property
    def _file(self) -> Path:
        return self._state / "ledger"

    def _write(self, lines: list[str]) -> None:
        """Whole or not at all: a half-written list would lose what must be removed."""
        fresh = self._state / "ledger.new"
        fresh.write_text("".join(f"{line}\n" for line in lines))
        fresh.replace(self._file)
        self._lines = lines

"""What a service writes, as a file of lines with their time, which never grows beyond a cap."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from stackproof.run.process.launch import Line

CAP = 8 * 1024 * 1024  # bytes of one file; the one before it is kept as well
_LONGEST = 64 * 1024  # a line without an end is cut here


class LogFile:
    """Takes bytes as they come from a pipe; hands each whole line on."""

    def __init__(self, path: Path, service: str, told: Callable[[Line], None], cap: int = CAP) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path, self._service, self._told, self._cap = path, service, told, cap
        self._rest = b""
        self._file = path.open("ab", buffering=0)

    def write(self, data: bytes, now: datetime | None = None) -> None:
        *lines, self._rest = (self._rest + data).split(b"\n")
        if len(self._rest) > _LONGEST:
            lines, self._rest = [*lines, self._rest], b""
        for line in lines:
            self._line(line, now or datetime.now(UTC))

    def end(self) -> None:
        """Write what had no line end."""
        if self._rest:
            self.write(b"\n")

    def close(self) -> None:
        self.end()
        self._file.close()

    def _line(self, raw: bytes, now: datetime) -> None:
        at = now.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        self._told(Line(self._service, at, raw.rstrip(b"\r").decode("utf-8", "replace")))
        try:
            self._file.write(at.encode() + b" " + raw.rstrip(b"\r") + b"\n")
            if self._file.tell() >= self._cap:
                self._turn_over()
        except OSError as problem:  # a full disk must not take the service down
            self._told(Line(self._service, at, f"stackproof: the line above is not in the log: {problem}"))

    def _turn_over(self) -> None:
        self._file.close()
        self._path.replace(older(self._path))
        self._file = self._path.open("ab", buffering=0)


def older(path: Path) -> Path:
    return path.with_suffix(path.suffix + ".1")


def text(path: Path) -> str:
    """What the service wrote, without our times."""
    lines = [line for part in (older(path), path) if part.exists() for line in part.read_bytes().split(b"\n")]
    return "".join(line.partition(b" ")[2].decode("utf-8", "replace") + "\n" for line in lines if line)


def tail(path: Path, count: int = 15) -> str:
    """The last lines of a file as they stand; "" where there is none."""
    return "\n".join(path.read_text(errors="replace").splitlines()[-count:]) if path.exists() else ""


def last(path: Path, count: int = 15) -> str:
    return "\n".join(text(path).splitlines()[-count:])

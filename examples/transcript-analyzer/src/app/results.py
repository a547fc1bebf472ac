"""Transcripts, their parts and the results, as files that the API and the workers share.

Every file is written beside its place and then moved there, so nobody ever reads half of one.
"""

import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4


@dataclass(frozen=True)
class Results:
    root: Path

    def save(self, job_id: str, name: str, text: str) -> None:
        folder = self.root / job_id
        folder.mkdir(parents=True, exist_ok=True)
        beside = folder / f".{name}.{uuid4().hex}"
        beside.write_text(text, encoding="utf-8")
        beside.replace(folder / name)

    def read(self, job_id: str, name: str) -> str:
        return self.path(job_id, name).read_text(encoding="utf-8")

    def path(self, job_id: str, name: str) -> Path:
        return self.root / job_id / name

    def remove(self, job_id: str) -> None:
        """Several may do so at once: what is already gone is no error."""
        shutil.rmtree(self.root / job_id, ignore_errors=True)

    def remove_older_than(self, seconds: float) -> list[str]:
        """The folders of jobs that Redis has forgotten."""
        before = time.time() - seconds
        old = [path.name for path in self.root.iterdir() if _is_job(path) and _time(path) < before]
        for job_id in old:
            self.remove(job_id)
        return old

    def probe(self) -> None:
        """Can a file be written? Raises OSError if not."""
        self.root.mkdir(parents=True, exist_ok=True)
        file = self.root / f".probe.{uuid4().hex}"
        file.write_bytes(b"")
        file.unlink()


def _is_job(path: Path) -> bool:
    try:
        return str(UUID(path.name)) == path.name
    except ValueError:
        return False


def _time(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:  # another worker was faster
        return time.time()

"""What the benchmarks share: a copy of the example, whole processes and their cost, tables, the page of results."""

import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from stackproof.tools import host

HERE = Path(__file__).parent
REPOSITORY = HERE.parent
RESULTS = HERE / "results.md"
_PASSED = frozenset({"PATH", "HOME", "SSL_CERT_FILE", "TMPDIR"})


@dataclass(frozen=True)
class Ended:
    """A process that ended: seconds on the clock, seconds of processor (its children's too), peak memory in MB."""

    seconds: float
    cpu: float
    peak: float
    output: str


def stackproof(*words: str) -> tuple[str, ...]:
    """As the installed command: what its script does, without its path."""
    return (sys.executable, "-c", "from stackproof.cli.main import entry; entry()", *words)


def environment(source: Path = REPOSITORY) -> dict[str, str]:
    """A clean one, in which `import stackproof` means the one of that checkout."""
    kept = {name: value for name, value in os.environ.items() if name in _PASSED or name.startswith("DOCKER_")}
    return kept | {"PYTHONPATH": str(source / "src")}


def run(
    argv: Sequence[str], cwd: Path | None = None, *, codes: Sequence[int] = (0,), source: Path = REPOSITORY
) -> Ended:
    """The whole process, from before its start to after its end. Ends the benchmark where it fails."""
    with tempfile.TemporaryFile() as said:
        begun = time.monotonic()
        process = subprocess.Popen(
            argv, cwd=cwd, env=environment(source), stdout=said, stderr=said, stdin=subprocess.DEVNULL
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.monotonic() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        output = said.read().decode("utf-8", "replace")
    if process.returncode not in codes:
        sys.exit(f"{' '.join(argv)}\nended with exit code {process.returncode}\n{output}")
    return Ended(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1000, output)


@contextmanager
def example(name: str, settings: str = "") -> Iterator[Path]:
    """A copy of examples/tubeatlas under a name of its own, in a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="stackproof-bench-") as folder:
        root = Path(folder) / "tubeatlas"
        unwanted = shutil.ignore_patterns("__pycache__", ".stackproof", ".venv", "*.db", ".pytest_cache")
        shutil.copytree(REPOSITORY / "examples" / "tubeatlas", root, ignore=unwanted)
        own = root / "stackproof.toml"
        theirs = own.read_text() if own.exists() else ""
        own.write_text(f'name = "{name}"\n{settings}\n{theirs}')
        yield root


def committed(root: Path) -> None:
    """As a git checkout, which some claims are about."""
    who = ("-c", "user.name=bench", "-c", "user.email=bench@localhost")
    for words in (("init", "-q"), ("add", "--all", "--force"), (*who, "commit", "-q", "-m", "the example")):
        run(("git", *words), root)


def interleaved(runs: int, ways: Mapping[str, Callable[[], Ended]]) -> dict[str, list[Ended]]:
    """Every way once, then every way again, forwards and backwards in turn: what the machine does hits all alike."""
    found: dict[str, list[Ended]] = {way: [] for way in ways}
    for number in range(runs):
        for way in list(ways)[:: -1 if number % 2 else 1]:
            found[way].append(ways[way]())
    return found


def median(values: Sequence[float]) -> float:
    return statistics.median(values)


def spread(values: Sequence[float]) -> str:
    return f"{min(values):.2f} to {max(values):.2f}"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def publish(title: str, text: str) -> None:
    """Print it, and put it in the place of this benchmark's section of results.md."""
    words = [Path(sys.argv[0]).name, *(word.rpartition("/")[2] for word in sys.argv[1:])]  # no paths of this machine
    when = f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC"
    machine = ", ".join(host.describe().values())
    section = (
        f"## {title}\n\n`benchmarks/{' '.join(words)}`, {when}, {machine}, "
        f"load {host.load()} at the end.\n\n{text.strip()}\n"
    )
    sys.stdout.write(section)
    page = RESULTS.read_text() if RESULTS.exists() else "# Results\n\nEach section is written by its benchmark.\n"
    kept = [part for part in re.split(r"(?m)^(?=## )", page) if not part.startswith(f"## {title}\n")]
    head, *sections = kept
    RESULTS.write_text("\n".join(part.strip() + "\n" for part in [head, *sorted([*sections, section])]))

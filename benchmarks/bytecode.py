"""What bytecode in the image is worth: from the start of the API's container to its first 200, and what a probe costs.

    python benchmarks/bytecode.py [--runs 5]

Three images in turns: as rendered, without the bytecode of Python's own library (as the base image comes), and without
any. Each container runs as Compose would run it, without its stores: the route that is asked is the one for liveness.
"""

import argparse
import http.client
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import measuring
from measuring import Ended, median, spread

NAME = "bench-bytecode"
ROUTE = "/health/live"
PORT = 12543
PROBE = ("python", "-I", "-S", "/opt/stackproof/stackproof_probe.py", "http", "8000", ROUTE)
PATIENCE = 60.0  # seconds
IMAGES = {
    "as rendered": "",
    "without Python's own": "find /usr/local/lib -name __pycache__",
    "without any": "find /usr/local/lib /app /opt/stackproof -name __pycache__",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5)
    with measuring.example(NAME) as root, _images(root) as tags:
        starts = {name: partial(_start, tag) for name, tag in tags.items()}
        found = measuring.interleaved(parser.parse_args().runs, starts)
        probes = {name: _probe(tag) for name, tag in tags.items()}
    measuring.publish("Bytecode", _page(found, probes))


@contextmanager
def _images(root: Path) -> Iterator[dict[str, str]]:
    """Tags by what is in them; all of them are gone afterwards."""
    tags = {name: f"{NAME}:{number}" for number, name in enumerate(IMAGES)}
    built = f"{NAME}:prod"
    try:
        measuring.run(measuring.stackproof("build", "--env", "prod", "--on", "docker"), root)
        for name, find in IMAGES.items():
            remove = f"RUN {find} -prune -exec rm -rf {{}} +\n" if find else ""
            (root / "Dockerfile.bench").write_text(f"FROM {built}\nUSER 0:0\n{remove}USER 10001:10001\n")
            measuring.run(
                ("docker", "buildx", "build", "--load", "-t", tags[name], "-f", "Dockerfile.bench", "."), root
            )
        yield tags
    finally:
        measuring.run(("docker", "image", "rm", "--force", *tags.values(), built))


def _start(tag: str) -> Ended:
    """Seconds from the request to run the container to the first 200."""
    begun = time.monotonic()
    container = measuring.run((*_docker_run(), "-d", "-p", f"127.0.0.1:{PORT}:8000", tag)).output.strip()
    try:
        while not _answers():
            if time.monotonic() - begun > PATIENCE:
                sys.exit(measuring.run(("docker", "logs", container)).output)
            time.sleep(0.01)
        return Ended(time.monotonic() - begun, 0.0, 0.0, "")
    finally:
        measuring.run(("docker", "rm", "--force", container))


def _docker_run() -> tuple[str, ...]:
    limits = ("--cpus", "1", "--memory", "512M", "--read-only", "--tmpfs", "/tmp", "--tmpfs", "/app/data:uid=10001")
    return ("docker", "run", "--rm", *limits, "-e", "DATABASE_URL=sqlite+aiosqlite:////app/data/bench.db")


def _answers() -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=1)
    try:
        connection.request("GET", ROUTE)
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _probe(tag: str) -> float:
    """Seconds of processor that one HTTP probe costs inside the container, at best of ten."""
    script = (
        "import resource, subprocess\n"
        "costs = []\n"
        "for _ in range(10):\n"
        "    before = sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])\n"
        f"    subprocess.run({list(PROBE)!r}, stdout=-3)\n"
        "    costs.append(sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2]) - before)\n"
        "print('cost', min(costs))\n"
    )
    done = subprocess.run((*_docker_run(), tag, "python", "-c", script), capture_output=True, text=True, check=True)
    found = re.search(r"cost (\S+)", done.stdout)
    return float(found[1]) if found else 0.0


def _page(found: dict[str, list[Ended]], probes: dict[str, float]) -> str:
    seconds = {name: [ended.seconds for ended in runs] for name, runs in found.items()}
    base, *_ = (median(taken) for taken in seconds.values())
    rows = [
        [
            name, str(len(taken)), f"{median(taken):.2f} s", spread(taken), f"{median(taken) / base:.2f}x",
            f"{probes[name] * 1000:.0f} ms",
        ]
        for name, taken in seconds.items()
    ]  # fmt: skip
    return measuring.table(
        ["bytecode", "runs", "start to first 200", "from, to", "against as rendered", "processor time of a probe"], rows
    )


if __name__ == "__main__":
    main()

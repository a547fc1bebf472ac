"""Images of the four examples: size, cold and warm build, beside a plain single-stage build of the same application.

    python benchmarks/images.py [EXAMPLE...]

The numbers are those of the claims SP201 and SP202 in one run of `stackproof prove` for each example. The builder's
cache is emptied before each, so that the plain build begins with nothing, too: run it on an engine of its own.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import measuring

EXAMPLES = ("tubeatlas", "personal-assistant", "transcript-analyzer", "exoplanet")
HEAD = ("image", "size", "plain build", "share", "cold build", "warm build", "plain build, cold")


def main() -> None:
    rows = [row for name in sys.argv[1:] or EXAMPLES for row in _rows(name, _proved(name))]
    measuring.publish("Images", measuring.table(HEAD, rows))


def _proved(name: str) -> dict[str, dict[str, Any]]:
    """What the two claims have observed, by claim."""
    measuring.run(("docker", "builder", "prune", "--all", "--force"))
    with tempfile.TemporaryDirectory(prefix="stackproof-bench-") as folder:
        root = Path(folder) / name
        tracked = ("git", "ls-files", "-z", f"examples/{name}")
        listed = subprocess.run(tracked, cwd=measuring.REPOSITORY, check=True, capture_output=True, text=True).stdout
        for file in filter(None, listed.split("\0")):
            target = root / Path(file).relative_to(f"examples/{name}")
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(measuring.REPOSITORY / file, target)
        asked = ("prove", "--env", "prod", "--on", "docker", "--claim", "SP201", "--claim", "SP202", str(root))
        measuring.run(measuring.stackproof(*asked), root)
        (record,) = root.rglob("record.json")
        evidence = json.loads(record.read_text())["evidence"]
    return {item["claim"]: item["measurement"]["observed"] for item in evidence}


def _rows(name: str, found: dict[str, dict[str, Any]]) -> Iterator[tuple[str, ...]]:
    times = {row["name"]: row for row in found["SP201-build-time"]["images"]}
    for row in found["SP202-image-size"]["images"]:
        built = times[row["name"]]
        yield (
            f"{name}, {row['name']}", _mb(row["bytes"]), _mb(row["control_bytes"]),
            f"{row['bytes'] / row['control_bytes']:.2f}x", f"{built['cold_seconds']:.1f} s",
            f"{built['warm_seconds']:.1f} s", f"{row['control_seconds']:.1f} s",
        )  # fmt: skip


def _mb(size: int) -> str:
    return f"{size / 1e6:.0f} MB"


if __name__ == "__main__":
    main()

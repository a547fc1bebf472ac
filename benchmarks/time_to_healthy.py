"""From nothing to everything healthy: `stackproof up` beside `docker compose up -d --wait` of the same stack.

    python benchmarks/time_to_healthy.py [--runs 5] [--default-runs 2]

The image is built before; every run begins with no container, network or volume, and ends when the command does.
"""

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import measuring
import yaml
from measuring import Ended, median, spread

NAME = "bench-tubeatlas"
BUILT, PLAIN = f"{NAME}:prod", f"{NAME}:plain"
SETTINGS = "[environments.prod]\nport_offset = 4321\n"
RENDERED = "deploy/compose.prod.yaml"

UP = "stackproof up"
COMPOSE = "docker compose up -d --wait, the rendered file"
SHORT = "the same with an interval of 5 s and no start interval"
DEFAULT = "the same with Docker's default interval of 30 s"


def main() -> None:
    options = _options()
    with _built() as root:
        _write(root, "deploy/short.yaml", {"interval": "5s"})
        _write(root, "deploy/default.yaml", {})
        quick = {
            UP: partial(_up, root),
            COMPOSE: partial(_compose, root, RENDERED),
            SHORT: partial(_compose, root, "deploy/short.yaml"),
        }
        slow = {DEFAULT: partial(_compose, root, "deploy/default.yaml")}
        few = measuring.interleaved(options.default_runs, slow)
        found = measuring.interleaved(options.runs, quick) | few
    measuring.publish("Time to healthy", _page(found))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--default-runs", type=int, default=2, help="of the default interval: each takes a minute")
    return parser.parse_args()


@contextmanager
def _built() -> Iterator[Path]:
    """The example with its files and its images, and nothing of it left afterwards.

    What a Compose file leaves out of a health check is taken from the image's own: the other intervals need an image
    without one.
    """
    with measuring.example(NAME, SETTINGS) as root:
        try:
            measuring.run(measuring.stackproof("build", "--env", "prod", "--on", "docker"), root)
            (root / "Dockerfile.plain").write_text(f"FROM {BUILT}\nHEALTHCHECK NONE\n")
            words = ("docker", "buildx", "build", "--load", "--tag", PLAIN, "--file", "Dockerfile.plain", ".")
            measuring.run(words, root)
            yield root
        finally:
            _down(root)
            measuring.run(("docker", "image", "rm", "--force", BUILT, PLAIN), root)


def _up(root: Path) -> Ended:
    return _and_down(root, lambda: measuring.run(measuring.stackproof("up", "--env", "prod", "--on", "docker"), root))


def _compose(root: Path, file: str) -> Ended:
    return _and_down(root, lambda: measuring.run((*_words(file), "up", "--detach", "--wait"), root))


def _and_down(root: Path, measure: Callable[[], Ended]) -> Ended:
    try:
        return measure()
    finally:
        _down(root)


def _down(root: Path) -> None:
    if (root / RENDERED).exists():
        measuring.run((*_words(RENDERED), "down", "--volumes", "--timeout", "1"), root)


def _words(file: str) -> tuple[str, ...]:
    return ("docker", "compose", "--file", file, "--env-file", "/dev/null")


def _write(root: Path, file: str, timing: dict[str, str]) -> None:
    """The rendered stack with the same probes, and of their timing only what is given."""
    document: dict[str, Any] = yaml.safe_load((root / RENDERED).read_text())
    for service in document["services"].values():
        service["image"] = PLAIN if service["image"] == BUILT else service["image"]
        service["healthcheck"] = {"test": service["healthcheck"]["test"], **timing}
    (root / file).write_text(yaml.safe_dump(document, sort_keys=False))


def _page(found: dict[str, list[Ended]]) -> str:
    seconds = {way: [ended.seconds for ended in runs] for way, runs in found.items()}
    base = median(seconds[DEFAULT])
    rows = [
        [way, str(len(taken)), f"{median(taken):.2f} s", spread(taken), f"{base / median(taken):.1f}x"]
        for way, taken in seconds.items()
    ]
    return measuring.table(["way", "runs", "median", "from, to", "against the default interval"], rows)


if __name__ == "__main__":
    main()

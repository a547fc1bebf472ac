"""What a command costs before it does anything for long: whole processes, beside a Python that does nothing.

    python benchmarks/start_up.py [--runs 21] [--beside CHECKOUT]

Seconds on the clock are what a user waits; seconds of processor are steadier on a machine that does other things too.
With `--beside` the same is measured with the stackproof of another checkout, in the same turns.
"""

import argparse
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import measuring
from measuring import Ended, median, spread

NOTHING = "python -c pass"
PAIR = "plan + render"
GOALS = {"stackproof --version": 0.12, PAIR: 0.4}


def main() -> None:
    options = _options()
    with measuring.example("bench-start-up") as root:
        measuring.run(measuring.stackproof("render"), root)  # from now on, nothing is to be changed
        ways: dict[str, Callable[[], Ended]] = {NOTHING: partial(measuring.run, (sys.executable, "-c", "pass"), root)}
        ways |= _commands(root, measuring.REPOSITORY, "")
        if options.beside:
            ways |= _commands(root, options.beside, f" ({options.beside.name})")
        found = measuring.interleaved(options.runs, ways)
    pairs = {way: way.replace("plan", PAIR) for way in found if way.startswith("stackproof plan")}
    for way, name in pairs.items():
        second = found[way.replace("plan", "render")]
        found[name.removeprefix("stackproof ")] = [_added(*both) for both in zip(found[way], second, strict=True)]
    measuring.publish("Start-up", _page(found))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=21)
    parser.add_argument("--beside", type=Path, help="another checkout of stackproof")
    return parser.parse_args()


def _commands(root: Path, source: Path, suffix: str) -> dict[str, Callable[[], Ended]]:
    words = {"--version": ("--version",), "plan": ("plan",), "render": ("render",)}
    return {
        f"stackproof {name}{suffix}": partial(measuring.run, measuring.stackproof(*argv), root, source=source)
        for name, argv in words.items()
    }


def _added(first: Ended, second: Ended) -> Ended:
    return Ended(first.seconds + second.seconds, first.cpu + second.cpu, max(first.peak, second.peak), "")


def _page(found: dict[str, list[Ended]]) -> str:
    base = median([ended.cpu for ended in found[NOTHING]])
    rows = [_row(way, runs, base) for way, runs in found.items()]
    return measuring.table(
        ["command", "runs", "median", "from, to", "processor", f"against `{NOTHING}`", "goal, peak memory"], rows
    )


def _row(way: str, runs: list[Ended], base: float) -> list[str]:
    seconds, cpu = [ended.seconds for ended in runs], median([ended.cpu for ended in runs])
    goal = f"{GOALS[way]} s, " if way in GOALS else ""
    peak = f"{max(ended.peak for ended in runs):.0f} MB"
    return [
        f"`{way}`", str(len(runs)), f"{median(seconds):.3f} s", spread(seconds), f"{cpu:.3f} s",
        f"{cpu / base:.1f}x", goal + peak,
    ]  # fmt: skip


if __name__ == "__main__":
    main()

"""What a command costs before it does anything for long: whole processes, beside a Python that does nothing.

    python benchmarks/start_up.py [--runs 21] [--beside CHECKOUT] [--instructions]

Seconds on the clock are what a user waits; seconds of processor are steadier on a machine that does other things too.
With `--beside` the same is measured with the stackproof of another checkout, in the same turns. With `--instructions`
valgrind counts what the processor executes, the same on every run: the number to look at after a change.
"""

import argparse
import re
import sys
from functools import partial
from pathlib import Path

import measuring
from measuring import Ended, median, spread

NOTHING = "python -c pass"
PAIR = "plan + render"
WORDS = ("--version", "plan", "render")
GOALS = {"stackproof --version": 0.12, PAIR: 0.4}


def main() -> None:
    options = _options()
    with measuring.example("bench-start-up") as root:
        measuring.run(measuring.stackproof("render"), root)  # from now on, nothing is to be changed
        commands = _commands(measuring.REPOSITORY, "")
        if options.beside:
            commands |= _commands(options.beside, f" ({options.beside.name})")
        ways = {way: partial(measuring.run, argv, root, source=source) for way, (argv, source) in commands.items()}
        found = measuring.interleaved(options.runs, ways)
        counted = {way: _counted(*what, root) for way, what in commands.items()} if options.instructions else {}
    for suffix in {way.partition(" plan")[2] for way in found if " plan" in way}:
        plan, render, pair = f"stackproof plan{suffix}", f"stackproof render{suffix}", PAIR + suffix
        found[pair] = [_added(*both) for both in zip(found[plan], found[render], strict=True)]
        if counted:
            counted[pair] = counted[plan] + counted[render]
    measuring.publish("Start-up", _page(found, counted))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=21)
    parser.add_argument("--beside", type=Path, help="another checkout of stackproof")
    parser.add_argument("--instructions", action="store_true", help="count them too; needs valgrind")
    return parser.parse_args()


def _commands(source: Path, suffix: str) -> dict[str, tuple[tuple[str, ...], Path]]:
    """Argument lists by name, with the checkout that they mean."""
    found = {f"stackproof {word}{suffix}": (measuring.stackproof(word), source) for word in WORDS}
    return found if suffix else {NOTHING: ((sys.executable, "-c", "pass"), source)} | found


def _counted(argv: tuple[str, ...], source: Path, root: Path) -> int:
    """Millions of instructions."""
    valgrind = ("valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", *argv)
    found = re.search(r"Collected : (\d+)", measuring.run(valgrind, root, source=source).output)
    return round(int(found[1]) / 1e6) if found else 0


def _added(first: Ended, second: Ended) -> Ended:
    return Ended(first.seconds + second.seconds, first.cpu + second.cpu, max(first.peak, second.peak), "")


def _page(found: dict[str, list[Ended]], counted: dict[str, int]) -> str:
    base = median([ended.cpu for ended in found[NOTHING]])
    head = [
        "command",
        "runs",
        "median",
        "from, to",
        "processor",
        f"against `{NOTHING}`",
        "instructions",
        "peak memory",
        "goal",
    ]
    return measuring.table(head, [_row(way, runs, base, counted.get(way)) for way, runs in found.items()])


def _row(way: str, runs: list[Ended], base: float, counted: int | None) -> list[str]:
    seconds, cpu = [ended.seconds for ended in runs], median([ended.cpu for ended in runs])
    return [
        f"`{way}`", str(len(runs)), f"{median(seconds):.3f} s", spread(seconds), f"{cpu:.3f} s", f"{cpu / base:.1f}x",
        f"{counted} M" if counted else "", f"{max(ended.peak for ended in runs):.0f} MB",
        f"{GOALS[way]} s" if way in GOALS else "",
    ]  # fmt: skip


if __name__ == "__main__":
    main()

"""`kill -9` of `stackproof prove` at random moments: what the next command leaves of it.

    python benchmarks/killed.py [--rounds 20] [--longest 75] [--seed 1]

Each round begins a proof of faults, kills it, and asks one claim about the source, as a user would who tries again.
Then the engine and the machine must hold what they held before: containers, networks, volumes, images, folders,
processes, and, where they can be read, the rules of the packet filter.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import measuring

NAME = "bench-killed"
# The quick beginnings first, so that most moments lie in builds, starts and faults.
_CLAIMS = ("SP101", "SP301", "SP401", "SP407", "SP408", "SP409", "SP324", "SP410", "SP201")
_ENGINE = {
    "containers": ("ps", "--all", "--format", "{{.Names}} {{.State}}"),
    "networks": ("network", "ls", "--format", "{{.Name}}"),
    "volumes": ("volume", "ls", "--format", "{{.Name}}"),
    "images": ("images", "--format", "{{.Repository}}:{{.Tag}}"),
}
Held = dict[str, list[str]]


def main() -> None:
    options = _options()
    moments = random.Random(options.seed)
    rows = []
    with measuring.example(NAME) as root:
        measuring.committed(root)
        measuring.run(_prove("SP301"), root, codes=(0, 1, 3))  # the images are in the builder's cache
        before = _held()
        for number in range(1, options.rounds + 1):
            seconds, stage = _killed(root, moments.uniform(0.5, options.longest))
            measuring.run(_prove("SP105"), root, codes=(0,))
            left = _left(before)
            rows.append([str(number), f"{seconds:.1f} s", stage, "; ".join(left) or "nothing"])
            sys.stderr.write(" | ".join(rows[-1]) + "\n")
    clean = sum(row[-1] == "nothing" for row in rows)
    rows_said = measuring.table(["round", "killed after", "it was at", "left after the next command"], rows)
    measuring.publish("Killed", f"{clean} of {len(rows)} left nothing.\n\n{rows_said}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--longest", type=float, default=75.0, help="seconds")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def _prove(*claims: str) -> tuple[str, ...]:
    words = (word for claim in claims for word in ("--claim", claim))
    return measuring.stackproof("prove", "--env", "prod", "--on", "docker", *words)


def _killed(root: Path, after: float) -> tuple[float, str]:
    """How long it lived, and the last thing that it said it was at."""
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            _prove(*_CLAIMS), cwd=root, env=measuring.environment(), stdout=said, stderr=said, stdin=subprocess.DEVNULL
        )
        begun = time.monotonic()
        while process.poll() is None and time.monotonic() - begun < after:
            time.sleep(0.05)
        lived = time.monotonic() - begun
        process.send_signal(signal.SIGKILL)
        process.wait()
        said.seek(0)
        lines = said.read().decode("utf-8", "replace").splitlines()
    return lived, " ".join(lines[-1].split()[:4]) if lines else "its start"


def _left(before: Held) -> list[str]:
    """What is there now and was not before; what has gone besides."""
    now = _held()
    more = [f"{kind}: {each}" for kind in now for each in now[kind] if each not in before[kind]]
    return more + [f"gone {kind}: {each}" for kind in now for each in before[kind] if each not in now[kind]]


def _held() -> Held:
    found = {kind: _lines(("docker", *words)) for kind, words in _ENGINE.items()}
    found["folders"] = sorted(each.name for each in Path(tempfile.gettempdir()).glob("stackproof-prove-*"))
    found["processes"] = sorted(_processes())
    if os.geteuid() == 0:
        rules = (line for line in _lines(("iptables-save",)) if line.startswith("-A"))
        found["rules"] = sorted(line for line in rules)
    return found


def _processes() -> list[str]:
    """Of ours: those that name a proof, or the folder of one."""
    lines = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
        except OSError:
            continue  # it has ended
        if f"{NAME}-prove" in words or "stackproof-prove-" in words:
            lines.append(words.strip()[:100])
    return lines


def _lines(argv: tuple[str, ...]) -> list[str]:
    done = subprocess.run(argv, capture_output=True, check=True, text=True)
    return sorted(done.stdout.splitlines())


if __name__ == "__main__":
    main()

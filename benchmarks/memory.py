"""How much memory `stackproof prove` itself takes at its peak, on each runtime: its own process, not the services.

python benchmarks/memory.py [--on docker] [--on process]
"""

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import measuring

GOAL = 150  # MB
NAME = "bench-memory"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--on", action="append", choices=("docker", "process"))
    rows = [_row(runtime) for runtime in parser.parse_args().on or ("process", "docker")]
    text = measuring.table(["runtime", "peak resident memory", "goal", "took", "ended with"], rows)
    measuring.publish("Memory of prove", text)


def _row(runtime: str) -> list[str]:
    with measuring.example(NAME) as root:
        peak, seconds, said = _prove(root, runtime)
    return [runtime, f"{peak:.0f} MB", f"under {GOAL} MB", f"{seconds:.0f} s", said]


def _prove(root: Path, runtime: str) -> tuple[float, float, str]:
    """MB, seconds, and the line with the counts. The kernel keeps the peak; it is read until the process is gone."""
    begun, peak = time.monotonic(), 0.0
    with tempfile.TemporaryFile("w+") as said:
        argv = measuring.stackproof("prove", "--on", runtime)
        with subprocess.Popen(
            argv, cwd=root, env=measuring.environment(), stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT
        ) as process:
            while process.poll() is None:
                peak = max(peak, _peak(process.pid))
                time.sleep(0.05)
        said.seek(0)
        text = said.read()
    if process.returncode not in (0, 1, 3):  # 1: a claim refuted, 3: one unmeasured, as a busy machine may have it
        sys.exit(f"prove on {runtime} ended with exit code {process.returncode}\n{text}")
    counts = [line for line in text.splitlines() if "proved" in line]
    return peak, time.monotonic() - begun, f"exit code {process.returncode}: {(counts or ['?'])[-1].strip()}"


def _peak(pid: int) -> float:
    """VmHWM in MB; 0 once the process has ended."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return next((int(line.split()[1]) / 1000 for line in lines if line.startswith("VmHWM")), 0.0)


if __name__ == "__main__":
    main()

"""`check` on a large repository, as a whole process beside the linters that are there; `plan` on four times as much.

    python benchmarks/check.py [--runs 9]

The repository is made: 5,000 files, of which 40 are container files, a fifth Python modules that import each other.
hadolint looks at its Dockerfiles, dclint at its Compose files: each of the peers does less than `check` does.
"""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import measuring
from measuring import Ended, median, spread

FILES, CONTAINER_FILES = 5_000, 40
DOCKERFILE = """FROM python:3.13-slim AS builder
WORKDIR /app
COPY part{n}/requirements.txt /app/
RUN pip install --no-cache-dir --prefix /install -r requirements.txt
FROM python:3.13-slim
ENV PYTHONUNBUFFERED=1
WORKDIR /app
COPY --from=builder /install /usr/local
COPY part{n} /app/part{n}
USER 10001:10001
CMD ["uvicorn", "part{n}.m0:app", "--host", "0.0.0.0", "--port", "8000"]
"""
COMPOSE = """name: part{n}
services:
  api:
    build: {{context: .., dockerfile: part{n}/Dockerfile}}
    environment: {{DATABASE_URL: "${{DATABASE_URL:?}}"}}
    depends_on: {{db: {{condition: service_healthy}}}}
  db:
    image: postgres:18
    healthcheck: {{test: [CMD, pg_isready, -U, shop]}}
"""
MODULE = """import os
from fastapi import FastAPI
from part{n}.m{before} import VALUE as OTHER

app = FastAPI()
VALUE = os.environ.get("PART{n}_M{m}", "{m}")


@app.get("/items/{{number}}")
def item(number: int) -> dict[str, str]:
    return {{"value": VALUE, "other": OTHER, "number": str(number)}}
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=9)
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory(prefix="stackproof-bench-") as folder:
        small, large, huge = (Path(folder) / name for name in ("small", "large", "huge"))
        _make(small, FILES // 4, CONTAINER_FILES // 4)
        _make(large, FILES, CONTAINER_FILES)
        _make(huge, FILES * 4, CONTAINER_FILES)
        found = measuring.interleaved(runs, dict(_ways(small, large, huge)))
    measuring.publish("Checking", _page(found))


def _ways(small: Path, large: Path, huge: Path) -> Iterator[tuple[str, partial[Ended]]]:
    alone = measuring.stackproof("check", "--no-hadolint")
    ended = partial(measuring.run, codes=(0, 1))
    yield f"check, {FILES // 4} files, {CONTAINER_FILES // 4} of containers", partial(ended, alone, small)
    yield f"check, {FILES} files, {CONTAINER_FILES} of containers", partial(ended, alone, large)
    yield f"plan, {FILES * 4} files", partial(ended, measuring.stackproof("plan"), huge)
    if hadolint := _program("hadolint"):
        dockerfiles = sorted(str(path.relative_to(large)) for path in large.glob("part*/Dockerfile"))
        yield f"hadolint, {len(dockerfiles)} Dockerfiles", partial(ended, (hadolint, *dockerfiles), large)
        yield "check with hadolint", partial(ended, measuring.stackproof("check"), large)
    if dclint := _program("dclint"):
        yield f"dclint, {CONTAINER_FILES // 2} Compose files", partial(ended, (dclint, "-r", "."), large)


def _program(name: str) -> str | None:
    beside = Path(sys.executable).with_name(name)
    return str(beside) if beside.is_file() else shutil.which(name)


def _make(root: Path, files: int, container_files: int) -> None:
    """Half of the container files are Dockerfiles, half Compose files; a fifth of all files are Python modules."""
    parts = container_files // 2
    each = files // parts
    root.mkdir()
    (root / "pyproject.toml").write_text(
        '[project]\nname = "shop"\nversion = "1"\ndependencies = ["fastapi", "uvicorn"]\n'
    )
    (root / ".dockerignore").write_text(".git\n.env*\n")
    for n in range(parts):
        here = root / f"part{n}"
        here.mkdir()
        (here / "Dockerfile").write_text(DOCKERFILE.format(n=n))
        (here / "compose.yaml").write_text(COMPOSE.format(n=n))
        (here / "requirements.txt").write_text("fastapi==0.121.0\nuvicorn==0.38.0\n")
        for m in range(each // 5):
            (here / f"m{m}.py").write_text(MODULE.format(n=n, m=m, before=max(0, m - 1)))
        for m in range(each - each // 5 - 3):
            (here / f"asset{m}.svg").write_text(f"<svg><!-- {m} --></svg>\n")


def _page(found: dict[str, list[Ended]]) -> str:
    head = ["what", "runs", "median", "from, to", "processor", "peak memory"]
    return measuring.table(head, [_row(way, runs) for way, runs in found.items()])


def _row(way: str, runs: list[Ended]) -> list[str]:
    seconds, cpu = [each.seconds for each in runs], median([each.cpu for each in runs])
    peak = max(each.peak for each in runs)
    return [way, str(len(runs)), f"{median(seconds):.3f} s", spread(seconds), f"{cpu:.3f} s", f"{peak:.0f} MB"]


if __name__ == "__main__":
    main()

"""Broken input by the thousand: what is read must be read or refused, soon, in little memory, and never by a traceback.

python benchmarks/fuzz.py [--kind compose] [--inputs 10000] [--seed 1]

Each input is a real file of the repository with a few random changes; the same seed gives the same inputs. Ends with 1
if any input led to another exception than a UserError; its bytes are then in the folder that is named.
"""

import argparse
import contextlib
import copy
import json
import random
import resource
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import measuring
import yaml

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.adopt.compose_cases import cases  # noqa: E402

from stackproof.adopt.compose import load  # noqa: E402
from stackproof.check.rules.compose import COMPOSE_RULES  # noqa: E402
from stackproof.detect import detect  # noqa: E402
from stackproof.errors import UserError  # noqa: E402
from stackproof.model.facts import Project  # noqa: E402
from stackproof.model.findings import Inspected  # noqa: E402
from stackproof.model.source import SourceTree  # noqa: E402
from stackproof.plan.settings import settings  # noqa: E402

GOAL_SECONDS, GOAL_MEGABYTES = 1.0, 500
LONGEST = 20_000  # bytes of a seed; what is longer is cut, for speed
MANIFEST = b'[project]\nname = "x"\nversion = "1"\ndependencies = ["fastapi"]\n'
TOKENS = (
    b"\0", b"\r\n", b"\xef\xbb\xbf", b"\xff\xfe", b"\xff", b"${", b"}", b"$$", b"${A:-${B}}", b"*a", b"&a ", b"<<: ",
    b"!reset ", b"!override ", b"!!python/object:os.system ", b"[" * 200, b"{a: " * 200, b"../../etc/passwd", b"~",
    b"null", b"- ", b": ", b"'", b'"', b"\t", b"#", b"|\n", b"9999999999", b"-1", b"1e999", b"0x", b"[[", b"]]", b"\\",
    b"'''", b'"""', b"(" * 100, b"lambda: ", b"\xe2\x80\xa8", b"\n---\n", b"...\n", b"%YAML 9.9\n", b".inf",
)  # fmt: skip
Holder = dict[str, Any] | list[Any]
VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 8080, 1.5, 1e308, 10**30, "", " ", "a", "a:b", "a:b:c:d", "80:80", "80-70", "1g", "5s",
    "${A}", "${A:?}", "$", "../..", "/", "~", "C:\\x", "a b", "a'", "\n", "é", "x" * 5000, [], {}, [None], [[]],
    {"": ""}, {"a": None}, {"x-a": 1}, ["a", "a"], ["a=b"], [{"target": 80}], [{"source": "a"}],
    {"file": "b.yaml", "service": "b"},
)  # fmt: skip


@dataclass(frozen=True)
class Kind:
    """`seeds` are real inputs, `change` makes another of them; `read` does with it what stackproof does."""

    seeds: Callable[[], list[bytes]]
    read: Callable[[bytes], object]
    change: Callable[[random.Random, list[bytes]], bytes]


@dataclass
class Seen:
    slowest: float = 0.0
    refused: int = 0
    failures: list[str] = field(default_factory=list)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kind", action="append", choices=KINDS)
    parser.add_argument("--inputs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    kept = Path(tempfile.mkdtemp(prefix="stackproof-fuzz-"))
    rows, failed = [], False
    for name in asked.kind or KINDS:
        begun, seen = time.monotonic(), run(KINDS[name], asked.inputs, asked.seed, kept / name)
        rate = asked.inputs / (time.monotonic() - begun)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        rows.append([
            name, str(asked.inputs), str(seen.refused), str(len(seen.failures)), f"{seen.slowest:.2f} s",
            f"{peak:.0f} MB", f"{rate:.0f}/s",
        ])  # fmt: skip
        failed = failed or bool(seen.failures)
        print("\n".join(seen.failures[:5]), file=sys.stderr)
    heads = ["kind", "inputs", "refused", "tracebacks", "slowest", "peak memory so far", "speed"]
    print(measuring.table(heads, rows))
    print(f"goals: no traceback, no input over {GOAL_SECONDS:g} s, memory under {GOAL_MEGABYTES} MB; failures: {kept}")
    return int(failed)


def run(kind: Kind, inputs: int, seed: int, kept: Path) -> Seen:
    chance, seeds, seen = random.Random(seed), kind.seeds(), Seen()
    for number in range(inputs):
        data, begun = kind.change(chance, seeds), time.perf_counter()
        try:
            kind.read(data)
        except UserError:
            seen.refused += 1
        except BaseException:  # noqa: BLE001  every other end is a defect, RecursionError and MemoryError too
            kept.mkdir(parents=True, exist_ok=True)
            (kept / str(number)).write_bytes(data)
            seen.failures.append(f"{kept / str(number)}\n{traceback.format_exc(limit=-3)}")
        seen.slowest = max(seen.slowest, time.perf_counter() - begun)
    return seen


def changed(chance: random.Random, seeds: list[bytes]) -> bytes:
    data = bytearray(chance.choice(seeds))
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        _change(chance, data, seeds)
    return bytes(data)


def _change(chance: random.Random, data: bytearray, seeds: list[bytes]) -> None:
    start = chance.randrange(len(data) + 1)
    end = min(len(data), start + chance.choice((1, 1, 4, 30, 300)))
    match chance.randrange(6):
        case 0:
            data[start:start] = chance.choice(TOKENS)
        case 1:
            data[start:end] = b""
        case 2:
            data[start:end] = bytes(data[start:end]) * chance.choice((2, 2, 50))
        case 3:
            data[start:end] = chance.randbytes(end - start)
        case 4:
            other = chance.choice(seeds)
            cut = chance.randrange(len(other) + 1)
            data[start:end] = other[cut : cut + chance.choice((5, 50, 500))]
        case _:
            data[start:end] = chance.choice(TOKENS) * chance.choice((1, 3))


def other_values(chance: random.Random, seeds: list[bytes]) -> bytes:
    """A JSON document with some of its values changed for others of any kind, also from other documents."""
    document = json.loads(chance.choice(seeds))
    for _ in range(chance.choice((1, 1, 2, 4))):
        places = [(holder, key) for holder in _holders(document) for key in _keys(holder)]
        if places:
            holder, key = chance.choice(places)
            others = list(_holders(json.loads(chance.choice(seeds))))
            holder[key] = copy.deepcopy(chance.choice((chance.choice(VALUES), chance.choice(others or [None]))))
    return json.dumps(document).encode()


def _holders(value: object) -> Iterator[Holder]:
    if isinstance(value, dict | list):
        yield value
        for each in value.values() if isinstance(value, dict) else value:
            yield from _holders(each)


def _keys(holder: Holder) -> list[Any]:
    return list(holder) if isinstance(holder, dict) else list(range(len(holder)))


def _documents() -> list[bytes]:
    found = []
    for seed in _compose_seeds(".yaml", ".yml"):
        with contextlib.suppress(yaml.YAMLError, UserError):
            _compose(seed)
            found.append(json.dumps(yaml.safe_load(seed), default=str).encode())
    return found


def _files(*patterns: str) -> Callable[[], list[bytes]]:
    return lambda: [
        each.read_bytes()[:LONGEST]
        for pattern in patterns
        for each in sorted(ROOT.glob(pattern))
        if each.stat().st_size
    ]


def _compose_seeds(*endings: str) -> list[bytes]:
    found = [text.encode() for case in cases() for path, text in case.contents.items() if path.endswith(endings)]
    return found + (_files("tests/golden/*/deploy/compose.*.yaml")() if ".yaml" in endings else [])


def _compose(data: bytes) -> None:
    _looked_at(SourceTree({"compose.yaml": data, "x.env": b"A=1\n", "b.yaml": b"services: {b: {image: x}}\n"}))


def _env_file(data: bytes) -> None:
    _looked_at(
        SourceTree({"compose.yaml": b"services: {a: {image: $A, env_file: x.env}}\n", "x.env": data, ".env": data})
    )


def _looked_at(tree: SourceTree) -> None:
    composition = load(tree, ("compose.yaml",), {"A": "1", "HOME": "/h"})
    for rule in COMPOSE_RULES:
        list(rule.check(Inspected(tree, Project("fuzz", ()), (), (composition,))))


def _lock(name: str) -> Callable[[bytes], object]:
    return lambda data: detect(SourceTree({"pyproject.toml": MANIFEST, name: data, "main.py": b"import fastapi\n"}))


KINDS: Mapping[str, Kind] = {
    "compose": Kind(lambda: _compose_seeds(".yaml", ".yml"), _compose, changed),
    "compose-values": Kind(_documents, _compose, other_values),
    "env": Kind(lambda: _compose_seeds(".env"), _env_file, changed),
    "settings": Kind(
        _files("examples/*/stackproof.toml", "pyproject.toml"),
        lambda data: settings(SourceTree({"stackproof.toml": data})),
        changed,
    ),
    "manifest": Kind(
        _files("examples/*/pyproject.toml"), lambda data: detect(SourceTree({"pyproject.toml": data})), changed
    ),
    "python": Kind(
        _files("examples/*/src/**/*.py", "examples/*/backend/**/*.py"),
        lambda data: detect(SourceTree({"pyproject.toml": MANIFEST, "main.py": data})),
        changed,
    ),
    "poetry.lock": Kind(_files("examples/*/poetry.lock"), _lock("poetry.lock"), changed),
    "requirements.txt": Kind(
        _files("examples/*/requirements.txt", "requirements.lock"), _lock("requirements.txt"), changed
    ),
}

if __name__ == "__main__":
    raise SystemExit(main())

"""Dockerfiles that nobody would write: each is loaded and shown to every rule.

python benchmarks/fuzz_dockerfile.py [--inputs 100000] [--seed 1]

Only a Dockerfile or one sentence may come out. Seeds are the golden files, the cases of the tests and the examples of
the rules' pages; they are cut, joined, repeated and sprinkled with what has a meaning. An input that ends otherwise,
or takes longer than a second, is printed and ends the run with code 1.
"""

import argparse
import random
import resource
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.adopt.dockerfile.cases import ACCEPTED, REFUSED  # noqa: E402
from tests.check.dockerfile.cases import CASES  # noqa: E402
from tests.check.dockerfile.pages import examples  # noqa: E402

from stackproof.adopt.dockerfile import load  # noqa: E402
from stackproof.check.rules.dockerfile import DOCKERFILE_RULES  # noqa: E402
from stackproof.errors import UserError  # noqa: E402
from stackproof.model.facts import Project  # noqa: E402
from stackproof.model.findings import Inspected  # noqa: E402
from stackproof.model.source import SourceTree  # noqa: E402

LIMIT = 1.0  # seconds
LONGEST = 20_000  # bytes of most inputs; one in a thousand is repeated up to 4 MiB
PIECES = (
    *(
        "FROM ",
        "FROM a AS b\n",
        "RUN ",
        "COPY ",
        "ADD ",
        "ENV ",
        "ARG ",
        "ONBUILD ",
        "HEALTHCHECK CMD ",
        "VOLUME ",
        "EXPOSE ",
    ),
    *(
        "--mount=type=cache,target=",
        "--from=",
        "--chmod=",
        "<<EOF\n",
        "<<-'E' ",
        "\nEOF\n",
        "\\\n",
        "`\n",
        "\r\n",
        "\n#",
        "\n\n",
    ),
    *(
        "# escape=`\n",
        "# syntax=x\n",
        "$A",
        "${A",
        "${A:-",
        "${A##*",
        "${A//?/",
        "}",
        "}" * 40,
        "'",
        '"',
        "\\",
        "[",
        '["',
        '"]',
    ),
    *(
        "$(",
        "`",
        "|",
        "&&",
        "||",
        ";",
        "(",
        ")",
        ">",
        "2>&1",
        "\0",
        "\ufeff",
        "\u2028",
        "\x85",
        "\ud7ff",
        "é",
        "🐳",
        "\t",
        " " * 50,
    ),
    *(
        "ENV A=$A$A\n",
        "{{x}}",
        "../../..",
        "$(rm -rf /)",
        "9" * 400,
        "1e999",
        "null",
        "NaN",
        "-",
        "--",
        "=",
        ",",
        "0",
        "%s",
    ),
)


@dataclass
class Told:
    """What came out so far."""

    loaded: int = 0
    refused: int = 0
    slowest: float = 0.0
    longest: int = 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--inputs", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    told = Told()
    begun = time.monotonic()
    for content in inputs(asked.inputs, asked.seed):
        if problem := _try(content, told):
            print(f"{problem}\n{content[:5000]!r}")
            return 1
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{asked.inputs} inputs (seed {asked.seed}) in {time.monotonic() - begun:.0f} s: {told.loaded} loaded and shown"
        f" to {len(DOCKERFILE_RULES)} rules, {told.refused} refused; slowest {told.slowest * 1000:.0f} ms,"
        f" largest {told.longest} bytes, peak memory {peak:.0f} MB"
    )
    return 0


def _try(content: bytes, told: Told) -> str:
    """What is wrong with the way this ended; "" for nothing."""
    begun = time.process_time()
    try:
        file = load(content, "Dockerfile")
        inspected = Inspected(SourceTree({}), Project("fuzz", ()), (file,))
        for rule in DOCKERFILE_RULES:
            tuple(rule.check(inspected))
        told.loaded += 1
    except UserError as refused:
        told.refused += 1
        if not str(refused).startswith("Dockerfile") or "\n" in str(refused):
            return f"refused without a place, or in more than one line: {refused}"
    except Exception as crash:  # noqa: BLE001 - whatever it is, it is what we look for
        return f"{type(crash).__name__}: {crash}"
    took = time.process_time() - begun
    told.slowest, told.longest = max(told.slowest, took), max(told.longest, len(content))
    return f"took {took:.1f} s" if took > LIMIT else ""


def inputs(number: int, seed: int) -> Iterator[bytes]:
    chance = random.Random(seed)
    seeds = list(_seeds())
    for _ in range(number):
        text = chance.choice(seeds)
        for _ in range(chance.choice((1, 1, 1, 2, 2, 3, 6))):
            text = _changed(text, chance, seeds)[:LONGEST]
        if chance.random() < 0.001:
            text *= chance.randint(2, max(2, (4 << 20) // max(len(text), 1)))
        content = text.encode("utf-8", "surrogatepass")
        yield _damaged(content, chance) if chance.random() < 0.05 else content


def _seeds() -> Iterator[str]:
    yield from (path.read_text() for path in sorted((ROOT / "tests" / "golden").rglob("Dockerfile")))
    yield from (text for rule in DOCKERFILE_RULES for text in examples(rule).values())
    yield from (*ACCEPTED, *REFUSED)
    yield from (text for seen, silent in CASES.values() for text in (*seen, *silent))


def _changed(text: str, chance: random.Random, seeds: list[str]) -> str:
    at, end = sorted(chance.randint(0, len(text)) for _ in range(2))
    match chance.randint(0, 7):
        case 0:
            return text[:at] + text[end:]
        case 1:
            return text[:end] + text[at:]
        case 2:
            return text[:at] + text[at:end] * chance.choice((2, 3, 50)) + text[end:]
        case 3:
            return text + "\n" + chance.choice(seeds)
        case 4:
            return text[:at] + chance.choice(seeds)[:200] + text[at:]
        case _:
            return text[:at] + chance.choice(PIECES) * chance.choice((1, 1, 1, 2, 60)) + text[at:]


def _damaged(content: bytes, chance: random.Random) -> bytes:
    match chance.randint(0, 3):
        case 0:
            return content.decode("utf-8", "replace").encode("utf-16")
        case 1:
            return b"\xef\xbb\xbf" + content.replace(b"\n", b"\r\n")
        case _:
            at = chance.randint(0, len(content))
            return content[:at] + chance.randbytes(3) + content[at:]


if __name__ == "__main__":
    sys.exit(main())

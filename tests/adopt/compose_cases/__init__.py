"""Compose projects of our own, each the essence of one rule of the format; several in one text file.

`=== name` begins a project, a line `:: A=1 -f x.yaml` gives the shell's variables and the files, `--- path` begins a
file (`compose.yaml` where nothing is said). A project whose name begins with "refused" is refused by Compose.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Case:
    name: str
    contents: Mapping[str, str]
    environment: Mapping[str, str]
    files: tuple[str, ...]


def cases() -> Iterator[Case]:
    for path in sorted(FOLDER.glob("*.txt")):
        for part in path.read_text().split("\n=== ")[1:]:
            name, _, body = part.partition("\n")
            yield _case(f"{path.stem}: {name}", body)


def _case(name: str, body: str) -> Case:
    first, _, rest = body.partition("\n")
    words = first[3:].split() if first.startswith(":: ") else []
    contents: dict[str, list[str]] = {}
    lines = contents.setdefault("compose.yaml", [])
    for line in (rest if words else body).splitlines():
        if line.startswith("--- "):
            lines = contents.setdefault(line[4:], [])
        else:
            lines.append(line.replace("␉", "\t").replace("␍", "\r"))
    texts = {path: "\n".join(lines) + "\n" for path, lines in contents.items() if lines}
    files = tuple(word for before, word in pairwise(words) if before == "-f")
    variables = dict(word.split("=", 1) for word in words if "=" in word)
    return Case(name, texts, variables, files)

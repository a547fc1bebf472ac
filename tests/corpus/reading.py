"""A corpus project, many small files in one text, into a SourceTree and what is expected of it."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stackproof.model.source import SourceTree

_HERE = Path(__file__).parent
_SECTION = re.compile(r"^--- (\S.*?)( <binary>)?$\n?", re.MULTILINE)


@dataclass(frozen=True)
class Case:
    name: str  # "apps/fastapi_src"
    tree: SourceTree
    expected: Mapping[str, Any]


def cases() -> Iterator[Case]:
    for path in sorted(_HERE.glob("*/*.txt")):
        name = f"{path.parent.name}/{path.stem}"
        yield Case(name, tree(path.read_text()), tomllib.loads(path.with_suffix(".toml").read_text()))


def tree(text: str) -> SourceTree:
    """Sections begin with `--- path`, or `--- path <binary>` for a file whose contents nobody reads."""
    _, *parts = _SECTION.split(text)
    sections = list(zip(parts[::3], parts[1::3], parts[2::3], strict=True))
    files = {path: content.encode() for path, binary, content in sections if not binary}
    return SourceTree(files, frozenset(path for path, binary, _ in sections if binary))

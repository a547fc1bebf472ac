"""Prompt files to prompts: what a section of an analysis is called, says, holds and looks for."""

import re
from dataclasses import dataclass
from pathlib import Path

# The sections of an analysis, in this order; each has a file of this name.
SECTIONS = ("summary", "key_terms", "speakers", "questions", "action_items")

_LIMIT = re.compile(r"^limit:\s*(\d+)$")


@dataclass(frozen=True)
class Prompt:
    key: str
    title: str
    description: str
    limit: int  # items at most
    phrases: tuple[str, ...]  # in lower case


def load(folder: Path) -> dict[str, Prompt]:
    """Raises ValueError with the name of the file that is missing or says too little."""
    return {key: _read(folder / f"{key}.md") for key in SECTIONS}


def _read(file: Path) -> Prompt:
    try:
        lines = [line.strip() for line in file.read_text(encoding="utf-8").splitlines()]
    except OSError as error:
        raise ValueError(f"the prompt {file} cannot be read: {error.strerror}") from error
    title = next((line[2:].strip() for line in lines if line.startswith("# ")), "")
    limit = next((int(found[1]) for line in lines if (found := _LIMIT.match(line))), 0)
    if not title or not limit:
        raise ValueError(f"the prompt {file} needs a line '# Title' and a line 'limit: 10'")
    plain = (line for line in lines if line and line[0] not in "#-" and not _LIMIT.match(line))
    phrases = tuple(line[2:].strip().lower() for line in lines if line.startswith("- "))
    return Prompt(file.stem, title, " ".join(plain), limit, phrases)

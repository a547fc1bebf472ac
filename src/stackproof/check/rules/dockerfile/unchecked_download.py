"""SR119: what ADD downloads is checked."""

import re
from collections.abc import Iterator

from stackproof.check.rules.dockerfile.looking import instructions, over, sighting
from stackproof.model import words
from stackproof.model.dockerfile import Dockerfile
from stackproof.model.findings import Rule, Sighting

_URL = re.compile(r"https?://\S+", re.IGNORECASE)


def _look(file: Dockerfile) -> Iterator[Sighting]:
    for _, said in instructions(file, "ADD"):
        url = next((each for each in words.copied(said).sources if _URL.match(each) and not _git(each)), None)
        if url and words.flag(said, "checksum") is None:
            yield sighting(said, f"nothing checks what {url} delivers")


def _git(url: str) -> bool:
    return url.split("#")[0].endswith(".git")


RULE = Rule(
    id="SR119-unchecked-download",
    says="What ADD downloads is checked.",
    fix="Add `--checksum=sha256:…`.",
    severity="warning",
    profile="recommended",
    check=over(_look),
)

"""JavaScript and TypeScript files as text in which every comment is blank, so that patterns find code alone."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from stackproof.detect import reading
from stackproof.model.source import Place, SourceTree

SUFFIXES = (".js", ".jsx", ".mjs", ".cjs", ".ts", ".tsx", ".mts", ".cts", ".vue", ".svelte")

# Strings are matched to be passed over: "http://..." holds no comment. Each ends at the latest where its kind must.
_TOKEN = re.compile(
    r'"(?:\\.|[^"\\\n])*(?:"|$)' r"|'(?:\\.|[^'\\\n])*(?:'|$)" r"|`(?:\\.|[^`\\])*(?:`|\Z)"
    r"|(?P<comment>//[^\n]*|/\*.*?(?:\*/|\Z))",
    re.DOTALL | re.MULTILINE,
)  # fmt: skip


@dataclass(frozen=True)
class Script:
    path: str
    text: str  # every comment blank; as long as the file, line by line

    def find(self, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
        return pattern.finditer(self.text)

    def says(self, pattern: re.Pattern[str]) -> bool:
        return pattern.search(self.text) is not None

    def place(self, found: re.Match[str]) -> Place:
        return Place(self.path, bisect_right(self._starts, found.start()))

    @cached_property
    def _starts(self) -> tuple[int, ...]:
        return (0, *(found.end() for found in re.finditer("\n", self.text)))


@lru_cache(maxsize=4096)
def script(tree: SourceTree, path: str) -> Script:
    """Empty where the file is not there, or cannot be read."""
    text = reading.text(tree, path)
    return Script(path, _TOKEN.sub(_blank, text) if isinstance(text, str) else "")


def _blank(found: re.Match[str]) -> str:
    if found["comment"] is None:
        return found[0]
    return "".join("\n" if letter == "\n" else " " for letter in found[0])

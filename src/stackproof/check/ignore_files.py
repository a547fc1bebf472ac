""".dockerignore: which file is read for a build, and what it keeps out of the context.

Source: docs.docker.com, "Build context", ".dockerignore files": patterns from the context's root, `**`, `!`, the last
one that matches counts; <Dockerfile>.dockerignore beside the Dockerfile goes before the one of the context.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from posixpath import normpath

from stackproof.model.source import SourceTree


@dataclass(frozen=True)
class IgnoreFile:
    """`patterns` as (regular expression, keeps in)."""

    path: str
    patterns: tuple[tuple[re.Pattern[str], bool], ...]

    def leaves_out(self, path: str) -> bool:
        """A path of the context; one below a folder that is left out is left out, too."""
        out = False
        for pattern, keeps in self.patterns:
            if pattern.fullmatch(path):
                out = not keeps
        return out


@lru_cache(maxsize=64)
def of_build(tree: SourceTree, context: str, dockerfile: str) -> IgnoreFile | None:
    """The one that the builder reads; None where there is none."""
    own, common = f"{dockerfile}.dockerignore", f"{context}/.dockerignore" if context else ".dockerignore"
    path = own if own in tree else common
    return _read(tree, path) if path in tree else None


def _read(tree: SourceTree, path: str) -> IgnoreFile:
    lines = tree.files.get(path, b"").decode("utf-8", "replace").lstrip("\ufeff").splitlines()
    words = [line.strip() for line in lines if not line.startswith("#") and line.strip()]
    return IgnoreFile(path, tuple((_pattern(word.lstrip("!").strip()), word.startswith("!")) for word in words))


def _pattern(word: str) -> re.Pattern[str]:
    plain = normpath(word.lstrip("/"))
    parts = re.findall(r"\*\*/?|\*|\?|\[[^\]]*\]|[^*?\[]+|\[", plain)
    return re.compile("".join(map(_part, parts)) + r"(?:/.*)?" if plain != "." else ".*", re.DOTALL)


def _part(part: str) -> str:
    known = {"**/": r"(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    if part in known:
        return known[part]
    if part.startswith("[") and len(part) > 2:
        return f"[{re.escape(part[1:-1]).replace(chr(92) + '-', '-').replace(chr(92) + '^', '^')}]"
    return re.escape(part)

"""An nginx configuration as blocks and directives with their lines; files that it includes from the project, too."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache
from posixpath import basename

from stackproof.model.source import Place, SourceTree

_TOKEN = re.compile(
    r"""\s+|\#[^\n]*|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[{};]|(?:\\.|\$\{\w+\}|[^\s{};])+""", re.DOTALL
)
_LOOKS_LIKE = re.compile(rb"^\s*(?:server|http|upstream\s+[\w.-]+)\s*\{", re.MULTILINE)
_NAMES = re.compile(r".*\.(?:conf|conf\.template|template|nginx)|nginx\.conf.*")
_DEEPEST = 5  # files that include each other


@dataclass(frozen=True)
class Directive:
    """`block` is () for a simple directive."""

    name: str
    words: tuple[str, ...]
    seen: Place
    block: tuple["Directive", ...] = ()

    def all(self, name: str) -> Iterator["Directive"]:
        """Every directive of that name inside, however deep."""
        for each in self.block:
            if each.name == name:
                yield each
            yield from each.all(name)


@lru_cache(maxsize=4)
def configurations(tree: SourceTree) -> tuple[Directive, ...]:
    """One for each file with a server, upstream or http block; its name is the path."""
    paths = [path for path in tree.files if _NAMES.fullmatch(basename(path))]
    return tuple(
        Directive(path, (), Place(path), read(tree, path)) for path in paths if _LOOKS_LIKE.search(tree.files[path])
    )


def read(tree: SourceTree, path: str, depth: int = 0) -> tuple[Directive, ...]:
    """Included files of the project stand in the place of `include`; one from elsewhere stays an `include`."""
    tokens = _tokens(tree.files.get(path, b"").decode("utf-8", "replace"), path)
    return tuple(_directives(tokens, tree, depth))


def _tokens(text: str, path: str) -> Iterator[tuple[str, Place]]:
    line = 1
    for found in _TOKEN.finditer(text):
        word = found[0]
        if not word[0].isspace() and word[0] != "#":
            yield word, Place(path, line)
        line += word.count("\n")


def _directives(tokens: Iterator[tuple[str, Place]], tree: SourceTree, depth: int) -> Iterator[Directive]:
    words: list[str] = []
    seen = Place("")
    for word, place in tokens:
        if word == "}":
            return
        if word in ("{", ";"):
            block = tuple(_directives(tokens, tree, depth)) if word == "{" else ()
            if words:
                yield from _made(Directive(words[0], tuple(words[1:]), seen, block), tree, depth)
            words = []
            continue
        if not words:
            seen = place
        words.append(word.strip("\"'"))


def _made(found: Directive, tree: SourceTree, depth: int) -> Iterator[Directive]:
    if found.name != "include" or depth >= _DEEPEST:
        yield found
        return
    here = found.seen.path.rpartition("/")[0]
    named = [path for path in tree.files if _is_included(path, here, found.words)]
    if not named:
        yield found
    for path in named:
        yield from read(tree, path, depth + 1)


def _is_included(path: str, here: str, words: tuple[str, ...]) -> bool:
    """By its name in the same folder: where it lies in the container says the mount."""
    folder, _, name = path.rpartition("/")
    return folder == here and bool(words) and fnmatchcase(name, basename(words[0]))

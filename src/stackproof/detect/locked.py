"""The versions that poetry.lock, uv.lock, pdm.lock, pylock.toml, Pipfile.lock or a requirements file pins.

Lock files are long and written by machines: one regular expression a line reads them in a fraction of the time that
a TOML parser takes. A file with a line of another shape goes to the parser, which then has the last word.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from stackproof.detect import manifest, pipfile, reading, requirements_txt
from stackproof.model.facts import Fact, Locked, Unreadable
from stackproof.model.source import Place, SourceTree

FILES = ("poetry.lock", "uv.lock", "pdm.lock", "pylock.toml")

_STRING = r'(?:"(?:[^"\\]|\\.)*"|\'[^\']*\')'
_VALUE = rf"(?:{_STRING}|true|false|[\d.:TZ+-]+|\[.*\]|\{{.*\}})"
_SHAPE = re.compile(
    rf"(?P<blank>\s*(?:#.*)?)$|(?P<table>\[\[?[\w.\"'-]+\]?\])$|(?P<open>[\w\"'.-]+ = \[)$"
    rf"|(?P<entry>[\w\"'.-]+ = {_VALUE})$|(?P<item>\s+(?:{_STRING}|\{{.*\}}),?)$|(?P<close>\])$"
)
_TELLING = re.compile(
    r"\[\[packages?\]\]|packages?\s*=\s*\[|\[metadata\]|(?:lock-)?version\s*=\s*[\d\"\']"
)  # one of them in every lock
_NAMED = re.compile(r'(name|version) = "([^"]*)"$')


def detect(tree: SourceTree) -> Iterator[Fact]:
    home = manifest.home(tree)
    for name in FILES:
        yield from _packages(tree, home + name)
    yield from pipfile.locked(tree)
    for path, group in requirements_txt.files(tree):
        for asked in () if group else requirements_txt.asked(tree, path):
            if asked.version:
                yield Locked(asked.name, asked.version, asked.seen)


@lru_cache(maxsize=8)
def problem(tree: SourceTree, path: str) -> Unreadable | None:
    """What is wrong with a lock file in the parser's words; None where it is sound or missing."""
    if path not in tree:
        return None
    if not (_usual(tree, path) and isinstance(reading.text(tree, path), str)):
        content = reading.toml(tree, path)
        if isinstance(content, Unreadable):
            return content
    if any(_TELLING.match(line.text) for line in reading.lines(tree, path)):
        return None
    return Unreadable("no lock: it names no package and no version of its format", Place(path))


def _usual(tree: SourceTree, path: str) -> bool:
    """Every line has one of the shapes that Poetry and uv write, and every list is closed."""
    inside = False
    for line in reading.lines(tree, path):
        shape = _SHAPE.match(line.text)
        kind = shape.lastgroup if shape else None
        if kind is None or (kind != "blank" and inside != (kind in ("item", "close"))):
            return False
        inside = kind == "open" or (inside and kind != "close")
    return not inside


def _packages(tree: SourceTree, path: str) -> Iterator[Locked]:
    if problem(tree, path):
        return
    within, name, seen = False, "", Place(path)
    for line in reading.lines(tree, path):
        if line.text.startswith("["):
            within = line.text in ("[[package]]", "[[packages]]")
        elif within and (found := _NAMED.match(line.text)):
            if found[1] == "name":
                name, seen = found[2], line.place
            else:
                yield Locked(requirements_txt.normalised(name), found[2], seen)

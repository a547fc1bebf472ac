"""Variables that the project's own templates name: .env.example and its like, commented-out lines too."""

import re
from collections.abc import Iterator

from stackproof.detect import reading, territory
from stackproof.model.facts import Documented, Fact
from stackproof.model.source import SourceTree

_TEMPLATE = re.compile(r"^\.?env(?:\.[\w-]+)*\.(?:example|sample|template|dist|tmpl)$|^\.?(?:example|sample)\.env$")
_NAME = re.compile(r"^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=|^\s*#\s?([A-Z][A-Z0-9_]*)=")


def detect(tree: SourceTree) -> Iterator[Fact]:
    for path in templates(tree):
        for line in reading.lines(tree, path):
            if found := _NAME.match(line.text):
                yield Documented(found[1] or found[2], line.place)


def templates(tree: SourceTree) -> tuple[str, ...]:
    """Not those under deploy/: stackproof writes them itself."""
    return tuple(
        path
        for path in tree.files
        if _TEMPLATE.match(path.rpartition("/")[2]) and not territory.is_foreign(path) and not territory.is_beside(path)
    )

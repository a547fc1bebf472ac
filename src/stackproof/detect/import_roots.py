"""What the application consists of: its import roots with the packages, files and folders that it needs there."""

import re
from collections.abc import Iterator

from stackproof.detect import beside, code, homes, imports
from stackproof.model.facts import Fact, ImportRoot
from stackproof.model.source import Place, SourceTree

_SCRIPT = re.compile(r"[\w.][\w.-]*")  # left out: "main (copy).py", which nothing imports and a Dockerfile cannot name


def detect(tree: SourceTree) -> Iterator[Fact]:
    """The application's own files, and those elsewhere in the project that it imports."""
    paths = sorted({*homes.own(tree), *(module.path for module in code.read(tree))})
    for root in imports.roots(tree):
        files = [path for path in paths if imports.root_of(tree, path) == root]
        if files:
            heads = {imports.under(path, root).split("/")[0] for path in files}
            packages = sorted(name for head in heads if (name := head.removesuffix(".py")).isidentifier())
            own = {head for head in heads if _SCRIPT.fullmatch(head)} | {*beside.entries(tree, root)}
            entries = {root} if root else own
            yield ImportRoot(root, tuple(packages), Place(files[0]), tuple(sorted(entries)))

"""Bots that serve a page beside their own work, in the same process: such a page is no application of its own."""

import ast
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from stackproof.detect import code, endless, reach, runners, scripts, serving
from stackproof.model.facts import Ambiguity, Fact
from stackproof.model.source import Place, SourceTree


class Page(NamedTuple):
    target: str  # of the web application
    words: tuple[str, ...]  # of the program that serves it
    seen: Place


def detect(tree: SourceTree) -> Iterator[Fact]:
    for page in pages(tree):
        yield Ambiguity(
            about=f"web application {page.target}",
            chosen="left out",
            candidates=(page.target,),
            because=f"{' '.join(page.words)} is a bot that serves it in its own process",
            setting=f'services.api.app = "{page.target}"',
            seen=page.seen,
        )


@lru_cache(maxsize=8)
def pages(tree: SourceTree) -> tuple[Page, ...]:
    known = code.read(tree)
    return tuple(page for script in scripts.found(tree) for page in _of(known, script))


def _of(known: code.Code, script: scripts.Script) -> Iterator[Page]:
    inside = tuple(reach.reached(known, script.module, script.steps))
    if endless.kind(known, inside) != "bot":
        return
    for module, call in runners.starts(known, inside):
        node = call.args[0] if call.args else call.func.value if isinstance(call.func, ast.Attribute) else call.func
        if target := serving.targets(known, module, node)[0]:
            yield Page(target, script.words, module.place(call))

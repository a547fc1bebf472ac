"""The routes of a Next.js front end that matter to a stack: one that says it is well, and those it hands on."""

import re
from collections.abc import Iterator

from stackproof.detect import javascript
from stackproof.detect.node_manifest import Manifest
from stackproof.model.source import SourceTree

_HANDLER = re.compile(r"(?:src/)?app/(?:(?P<app>.+)/)?route\.[jt]sx?|(?:src/)?pages/(?P<page>api/.+)\.[jt]sx?")
_GET = re.compile(r"\bexport\b[^;{=]*\bGET\b|\bexport\s*\{[^}]*\bGET\b|\bexport\s+default\b")
_CATCH_ALL = re.compile(r"\[\[?\.\.\.\w+\]\]?")
_HANDS_ON = re.compile(r"\b(?:fetch|request|createProxyMiddleware|httpProxyMiddleware|proxy\w*|rewrite)\s*\(")
_UNSEEN = re.compile(r"\(.*\)|@.*")  # route groups and slots are no part of a path
_WELL = re.compile(r"(?:health|healthz|healthcheck|health-check|livez?|alive|ping)")
_READY = re.compile(r"(?:ready|readyz|readiness)")
# An object of the configuration, with template texts in it.
_OBJECT = re.compile(r"\{[^{}]*(?:\$\{[^{}]*\}[^{}]*)*\}")
_SOURCE = re.compile(r"""\bsource\s*:\s*["'`](/[^"'`]*)["'`]""")
_OUTSIDE = re.compile(r"""\bdestination\s*:\s*(?!\s*["'`]/)\S""")


def health(tree: SourceTree, manifest: Manifest) -> str | None:
    """The shortest route that says the server is well; one that says "ready" only where there is no other."""
    found = [path for path, script in _handlers(tree, manifest) if "[" not in path and script.says(_GET)]
    for wanted in (_WELL, _READY):
        named = [path for path in found if wanted.fullmatch(path.rpartition("/")[2])]
        if named:
            return min(named, key=lambda path: (len(path), path))
    return None


def proxied(tree: SourceTree, manifest: Manifest, config: javascript.Script) -> tuple[str, ...]:
    """Prefixes that route handlers fetch from elsewhere, and that rewrites lead elsewhere."""
    handlers = (_prefix(path) for path, script in _handlers(tree, manifest) if script.says(_HANDS_ON))
    rewrites = (_rewritten(found[0]) for found in config.find(_OBJECT))
    return tuple(sorted({each for each in (*handlers, *rewrites) if each}))


def _handlers(tree: SourceTree, manifest: Manifest) -> Iterator[tuple[str, javascript.Script]]:
    """Each route handler, with the path that it serves."""
    prefix = manifest.file("")
    for path in tree.under(manifest.folder):
        if found := _HANDLER.fullmatch(path.removeprefix(prefix)):
            parts = (found["app"] or found["page"] or "").removesuffix("/index").split("/")
            served = "/".join(part for part in parts if not _UNSEEN.fullmatch(part))
            yield f"/{served}", javascript.script(tree, path)


def _prefix(path: str) -> str:
    """Of a route that takes every path below its folder; "" for another, and for one that takes everything."""
    folder, _, last = path.rpartition("/")
    return f"{folder}/" if folder and _CATCH_ALL.fullmatch(last) else ""


def _rewritten(text: str) -> str:
    source = _SOURCE.search(text)
    if source is None or not _OUTSIDE.search(text):
        return ""
    fixed = re.split(r"[:(*]", source[1])[0]
    return fixed if fixed != "/" else ""

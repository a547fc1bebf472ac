"""Front ends: folders whose package.json asks for Next.js or Vite, and what their files say about building them."""

import re
from collections.abc import Iterator
from typing import Literal

from stackproof.detect import javascript, node_manifest, node_routes, node_sources
from stackproof.detect.node_manifest import Manifest
from stackproof.model.facts import Ambiguity, Fact, NodeApp
from stackproof.model.source import Place, SourceTree

_CONFIGS = {
    "next": ("next.config.ts", "next.config.mjs", "next.config.js", "next.config.cjs", "next.config.mts"),
    "vite": ("vite.config.ts", "vite.config.mts", "vite.config.js", "vite.config.mjs", "vite.config.cjs"),
}
# Those with a server or a build of their own, which a plain Vite or Next.js build would not make.
_UNKNOWN = (
    "nuxt", "astro", "@sveltejs/kit", "@remix-run/dev", "@react-router/dev", "@tanstack/react-start", "@solidjs/start",
    "react-scripts", "@angular/core", "gatsby", "@vue/cli-service",
)  # fmt: skip
_BUN = ("bun.lock", "bun.lockb")
_OUTPUT = re.compile(r"""\boutput\s*:\s*["'`](standalone|export)["'`]""")
_DIST = {
    "next": re.compile(r"""\bdistDir\s*:\s*["'`]([^"'`]+)["'`]"""),
    "vite": re.compile(r"""\boutDir\s*:\s*["'`]([^"'`]+)["'`]"""),
}
_BASE_PATH = re.compile(r"""\bbasePath\s*:\s*["'`](/[^"'`]*)["'`]""")


def detect(tree: SourceTree) -> Iterator[Fact]:
    yield from node_manifest.unreadable(tree)
    for manifest in node_manifest.manifests(tree):
        framework = _framework(tree, manifest)
        if framework is None:
            yield from _strange(tree, manifest)
            continue
        app = _app(tree, manifest, framework)
        bun = next((name for name in _BUN if manifest.file(name) in tree), None)
        if app.lock is None and bun:
            because = f"{bun} is a lock of Bun, and only those of npm, pnpm and Yarn are installed from"
            way = "a lock that `npm install` writes in its folder"
            yield _left_out(manifest, Place(manifest.file(bun)), because, way)
            continue
        if app.output.startswith(("..", "/")):
            because = f"its build writes to {app.output}, outside of its folder: files of another part of the project"
            yield _left_out(manifest, app.seen, because)
            continue
        yield app
        yield from node_manifest.ambiguity(tree, manifest)
        yield from _private_registry(tree, manifest)


def _framework(tree: SourceTree, manifest: Manifest) -> Literal["next", "vite"] | None:
    if manifest.depends("next"):
        return "next"
    plain = manifest.depends("vite") and not any(manifest.depends(name) for name in _UNKNOWN)
    return "vite" if plain and manifest.file("index.html") in tree else None


def _app(tree: SourceTree, manifest: Manifest, framework: Literal["next", "vite"]) -> NodeApp:
    config = _config(tree, manifest, framework)
    said = _first(config, _OUTPUT)
    server = framework == "next" and said != "export"
    tool, version, lock = node_manifest.tool(tree, manifest)
    files = node_sources.files(tree, manifest)
    health = node_routes.health(tree, manifest) if server else None
    base = (_first(config, _BASE_PATH) or "").rstrip("/") if server else ""
    return NodeApp(
        folder=manifest.folder,
        framework=framework,
        server=server,
        tool=tool,
        tool_version=version,
        lock=lock,
        node=node_manifest.node(tree, manifest),
        scripts=tuple(manifest.table("scripts").items()),
        files=files,
        public="public/" in files,
        standalone=server and said == "standalone",
        variables=node_sources.variables(tree, manifest, (config.path,)),
        output=_output(config, framework, server=server),
        health=base + health if health else base or None,
        proxied=tuple(base + prefix for prefix in node_routes.proxied(tree, manifest, config)) if server else (),
        seen=manifest.place(tree, framework),
    )


def _config(tree: SourceTree, manifest: Manifest, framework: str) -> javascript.Script:
    """Empty where there is none."""
    paths = (manifest.file(name) for name in _CONFIGS[framework])
    return javascript.script(tree, next((path for path in paths if path in tree.files), ""))


def _output(config: javascript.Script, framework: str, *, server: bool) -> str:
    usual = {"vite": "dist", "next": ".next" if server else "out"}[framework]
    said = (_first(config, _DIST[framework]) or usual).rstrip("/")
    return said.removeprefix("./")


def _first(config: javascript.Script, pattern: re.Pattern[str]) -> str | None:
    return next((found[1] for found in config.find(pattern)), None)


def _strange(tree: SourceTree, manifest: Manifest) -> Iterator[Ambiguity]:
    """A front end made with something that we do not know how to build: said, never passed over."""
    for name in _UNKNOWN:
        if manifest.depends(name):
            because = f"{name} is not known here: only Next.js and plain Vite are built"
            yield _left_out(manifest, manifest.place(tree, name), because)
            return


def _left_out(manifest: Manifest, seen: Place, because: str, way: str = "none; build it by itself") -> Ambiguity:
    about = f"front end in {manifest.folder or 'the top folder'}"
    return Ambiguity(about, "left out", (), because, way, seen)


def _private_registry(tree: SourceTree, manifest: Manifest) -> Iterator[Ambiguity]:
    if node_sources.credentials(tree, manifest):
        because = "it holds credentials, which never go into a build"
        way = "none; install from a registry that asks for none"
        yield Ambiguity(".npmrc", "left out", (), because, way, Place(manifest.file(".npmrc")))

"""The web application: of all candidates of all frameworks the one to serve first, and whether that was a guess."""

import re
from collections.abc import Iterator
from functools import lru_cache

from stackproof.detect import code, combined, manifest, reading, serving, start_lines, web_programs
from stackproof.model.facts import Ambiguity, Fact, WebApp
from stackproof.model.source import Place, SourceTree

_MODULES = ("wsgi", "asgi", "main", "app", "streamlit_app", "application", "server", "api", "run")  # best first
_PACKAGES = re.compile(r"(?:^|[._])(?:fastapi|flask|django|api|web|http|rest|backend|server|site)(?:[._]|$)")
_ATTRIBUTES = ("app", "application", "api", "create_app", "make_app")


def detect(tree: SourceTree) -> Iterator[Fact]:
    apps = found(tree)
    yield from apps
    if len(apps) > 1 and apps[0].target not in _stated(tree):
        yield _ambiguity(tree, apps)


@lru_cache(maxsize=8)
def found(tree: SourceTree) -> tuple[WebApp, ...]:
    """The best candidate comes first: stated, run by a start line, then objects before factories and programs."""
    stated = _stated(tree)
    inside = {page.target for page in combined.pages(tree)}
    apps = [
        app for app in (*serving.applications(code.read(tree)), *web_programs.found(tree)) if app.target not in inside
    ]
    return tuple(sorted(apps, key=lambda app: (app.target not in stated, _run_at(tree, app) is None, *_rank(app))))


def _run_at(tree: SourceTree, app: WebApp) -> Place | None:
    """Where a start line of the project names it; it may be stale, so a doubt remains."""
    return (
        start_lines.run(tree, app.target, app.target)
        if app.interface == "own"
        else start_lines.started(tree, app.target)
    )


def _rank(app: WebApp) -> tuple[object, ...]:
    module, _, attribute = app.target.removesuffix(".py").replace("/", ".").partition(":")
    usual = _position(_MODULES, module.rpartition(".")[2])
    named = _position(_ATTRIBUTES, attribute)
    return (
        app.interface == "own",
        app.factory,
        usual,
        module.count("."),
        named,
        not _PACKAGES.search(module),
        app.target,
    )


def _position(order: tuple[str, ...], name: str) -> int:
    return order.index(name) if name in order else len(order)


def _ambiguity(tree: SourceTree, apps: tuple[WebApp, ...]) -> Ambiguity:
    chosen, line = f"{apps[0].target}{'()' if apps[0].factory else ''}", _run_at(tree, apps[0])
    usual = "a ready object goes before a factory, then a module with a usual name, then the one nearest the top"
    return Ambiguity(
        about="web application",
        chosen=chosen,
        candidates=tuple(app.target for app in apps),
        because=f"{line} starts it" if line else usual,
        setting=f'services.api.app = "{chosen}"',
        seen=apps[0].seen,
    )


def _stated(tree: SourceTree) -> frozenset[str]:
    """What the project itself says it serves: `[tool.fastapi] entrypoint`, the `web:` line of a Procfile."""
    pyproject = reading.toml(tree, manifest.pyproject(tree))
    tools = pyproject.get("tool") if isinstance(pyproject, dict) else None
    fastapi = tools.get("fastapi") if isinstance(tools, dict) else None
    entry = fastapi.get("entrypoint") if isinstance(fastapi, dict) else None
    lines = (command for name, command, _ in start_lines.processes(tree) if name == "web")
    web = (target for command in lines for target in start_lines.named(command))
    return frozenset({*web, *([entry] if isinstance(entry, str) else [])})

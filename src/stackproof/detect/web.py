"""The web application: of all candidates of all frameworks the one to serve first, and whether that was a guess."""

import re
from collections.abc import Iterator
from functools import lru_cache

from stackproof.detect import code, reading, serving
from stackproof.model.facts import Ambiguity, Fact, WebApp
from stackproof.model.source import SourceTree

_PROCFILE = re.compile(r"^web:.*?\b([A-Za-z_][\w.]*:[A-Za-z_]\w*)")
_MODULES = ("wsgi", "asgi", "main", "app", "application", "server", "api", "run")  # best first
_PACKAGES = re.compile(r"(?:^|[._])(?:fastapi|flask|django|api|web|http|rest|backend|server|site)(?:[._]|$)")
_ATTRIBUTES = ("app", "application", "api", "create_app", "make_app")


def detect(tree: SourceTree) -> Iterator[Fact]:
    apps = found(tree)
    yield from apps
    if len(apps) > 1 and apps[0].target not in _stated(tree):
        yield _ambiguity(apps)


@lru_cache(maxsize=8)
def found(tree: SourceTree) -> tuple[WebApp, ...]:
    """The best candidate comes first: stated, then ready objects before factories, then by usual names."""
    stated = _stated(tree)
    apps = serving.applications(code.read(tree))
    return tuple(sorted(apps, key=lambda app: (app.target not in stated, *_rank(app))))


def _rank(app: WebApp) -> tuple[object, ...]:
    module, _, attribute = app.target.partition(":")
    usual = _position(_MODULES, module.rpartition(".")[2])
    named = _position(_ATTRIBUTES, attribute)
    return app.factory, usual, module.count("."), named, not _PACKAGES.search(module), app.target


def _position(order: tuple[str, ...], name: str) -> int:
    return order.index(name) if name in order else len(order)


def _ambiguity(apps: tuple[WebApp, ...]) -> Ambiguity:
    chosen = apps[0].target
    return Ambiguity(
        about="web application",
        chosen=chosen,
        candidates=tuple(app.target for app in apps),
        because="a ready object goes before a factory, then a module with a usual name, then the one nearest the top",
        setting=f'services.api.app = "{chosen}"',
        seen=apps[0].seen,
    )


def _stated(tree: SourceTree) -> frozenset[str]:
    """What the project itself says it serves: `[tool.fastapi] entrypoint`, the `web:` line of a Procfile."""
    pyproject = reading.toml(tree, "pyproject.toml")
    tools = pyproject.get("tool") if isinstance(pyproject, dict) else None
    fastapi = tools.get("fastapi") if isinstance(tools, dict) else None
    entry = fastapi.get("entrypoint") if isinstance(fastapi, dict) else None
    web = (found[1] for line in reading.lines(tree, "Procfile") if (found := _PROCFILE.match(line.text)))
    return frozenset({*web, *([entry] if isinstance(entry, str) else [])})

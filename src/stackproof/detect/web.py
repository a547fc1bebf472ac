"""The web application: of all candidates of all frameworks the one to serve first, and whether that was a guess."""

import re
from collections.abc import Iterator

from stackproof.detect import code, reading, web_django, web_fastapi, web_flask
from stackproof.model.facts import Ambiguity, Fact, WebApp
from stackproof.model.source import SourceTree

_PROCFILE = re.compile(r"^web:.*?\b([A-Za-z_][\w.]*:[A-Za-z_]\w*)")
_MODULES = ("wsgi", "asgi", "main", "app", "application", "server", "api", "run")  # best first
_ATTRIBUTES = ("app", "application", "api", "create_app", "make_app")


def detect(tree: SourceTree) -> Iterator[Fact]:
    """The best candidate comes first: stated, then ready objects before factories, then by usual names."""
    known = code.read(tree)
    stated = _stated(tree)
    found = [*web_fastapi.candidates(known), *web_flask.candidates(known), *web_django.candidates(known)]
    found.sort(key=lambda app: (app.target not in stated, *_rank(app)))
    yield from found
    if len(found) > 1 and found[0].target not in stated:
        yield _ambiguity(found)


def _rank(app: WebApp) -> tuple[object, ...]:
    module, _, attribute = app.target.partition(":")
    last = module.rpartition(".")[2]
    return app.factory, _position(_MODULES, last), module.count("."), _position(_ATTRIBUTES, attribute), app.target


def _position(order: tuple[str, ...], name: str) -> int:
    return order.index(name) if name in order else len(order)


def _ambiguity(found: list[WebApp]) -> Ambiguity:
    chosen = found[0].target
    return Ambiguity(
        about="web application",
        chosen=chosen,
        candidates=tuple(app.target for app in found),
        because="a ready object goes before a factory, then a module with a usual name, then the one nearest the top",
        setting=f'services.api.app = "{chosen}"',
        seen=found[0].seen,
    )


def _stated(tree: SourceTree) -> frozenset[str]:
    """What the project itself says it serves: `[tool.fastapi] entrypoint`, the `web:` line of a Procfile."""
    pyproject = reading.toml(tree, "pyproject.toml")
    tools = pyproject.get("tool") if isinstance(pyproject, dict) else None
    fastapi = tools.get("fastapi") if isinstance(tools, dict) else None
    entry = fastapi.get("entrypoint") if isinstance(fastapi, dict) else None
    web = (found[1] for line in reading.lines(tree, "Procfile") if (found := _PROCFILE.match(line.text)))
    return frozenset({*web, *([entry] if isinstance(entry, str) else [])})

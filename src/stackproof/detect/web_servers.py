"""Objects and factories of the application classes that a server runs: ASGI and WSGI."""

import ast
from collections.abc import Iterator

from stackproof.detect import web_objects
from stackproof.detect.code import Code
from stackproof.detect.modules import Module, bindings
from stackproof.detect.objects import Objects
from stackproof.model.facts import WebApp

ASGI = {
    "fastapi.FastAPI": "fastapi",
    "fastapi.applications.FastAPI": "fastapi",
    "starlette.applications.Starlette": "starlette",
    "litestar.Litestar": "litestar",
    "litestar.app.Litestar": "litestar",
    "quart.Quart": "quart",
    "quart.app.Quart": "quart",
}
WSGI = {"flask.Flask": "flask", "flask.app.Flask": "flask"}
# They serve an application that they are given, and something of their own beside it.
WRAPPERS = {"socketio.ASGIApp": "starlette", "engineio.ASGIApp": "starlette"}
DASH = {"dash.Dash": "dash", "dash.dash.Dash": "dash"}


def candidates(code: Code) -> Iterator[WebApp]:
    yield from web_objects.applications(Objects(code, {**ASGI, **WRAPPERS}), "asgi")
    yield from web_objects.applications(Objects(code, WSGI), "wsgi")
    for module in code:
        yield from _dash(code, module)


def _dash(code: Code, module: Module) -> Iterator[WebApp]:
    """`server = app.server`: the Flask application inside of a Dash one, as Dash's own documentation names it."""
    for statement in module.statements:
        for name, value in bindings([statement]):
            if (
                isinstance(value, ast.Attribute)
                and value.attr == "server"
                and Objects(code, DASH).of(module, value.value)
            ):
                yield WebApp("dash", f"{module.name}:{name}", False, "wsgi", module.place(statement))

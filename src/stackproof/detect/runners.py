"""Calls that start a web server: a program that makes one of them is no process without a port."""

import ast
from collections.abc import Iterable, Iterator

from stackproof.detect.code import Code
from stackproof.detect.modules import Module
from stackproof.detect.objects import Objects
from stackproof.detect.reach import Reached
from stackproof.detect.web_servers import ASGI, DASH, WSGI

_CALLS = frozenset({
    "uvicorn.run", "uvicorn.Server", "hypercorn.asyncio.serve", "hypercorn.trio.serve", "waitress.serve",
    "werkzeug.serving.run_simple", "aiohttp.web.run_app", "aiohttp.web.TCPSite", "granian.Granian",
    "wsgiref.simple_server.make_server", "eventlet.wsgi.server", "gevent.pywsgi.WSGIServer",
    "django.core.management.execute_from_command_line", "streamlit.web.cli.main",
})  # fmt: skip
_RUNNERS = {**ASGI, **WSGI, **DASH, "flask_socketio.SocketIO": "socketio"}
_METHODS = frozenset({"run", "run_server", "run_task"})


def serves(code: Code, found: Iterable[Reached]) -> bool:
    return any(starts(code, found))


def starts(code: Code, found: Iterable[Reached]) -> Iterator[tuple[Module, ast.Call]]:
    """The calls that start one, with their modules."""
    for module, node in found:
        if isinstance(node, ast.Call) and _starts(code, module, node):
            yield module, node


def _starts(code: Code, module: Module, call: ast.Call) -> bool:
    if code.meaning(module, call.func) in _CALLS:
        return True
    if not isinstance(call.func, ast.Attribute):
        return False
    if call.func.attr == "launch":
        return any(name.partition(".")[0] == "gradio" for name in module.imports.values())
    return call.func.attr in _METHODS and Objects(code, _RUNNERS).of(module, call.func.value) is not None

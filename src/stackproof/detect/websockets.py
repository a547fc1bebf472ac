"""WebSocket: routes of FastAPI and Starlette, flask-sock, and Socket.IO, which can fall back to polling."""

import ast
from collections.abc import Iterator

from stackproof.detect import code, routes, serving, values
from stackproof.detect.code import Code
from stackproof.detect.modules import Module
from stackproof.detect.objects import Objects
from stackproof.model.facts import Fact, WebSocket
from stackproof.model.source import SourceTree

_SOCK = {"flask_sock.Sock": "sock"}
_SOCKETIO = {"flask_socketio.SocketIO": "socketio"}
# They wrap an application: the second argument is the one that serves everything else.
_WRAPPERS = frozenset({"socketio.ASGIApp", "socketio.WSGIApp", "socketio.Middleware"})
_SERVERS = ("socketio.Server", "socketio.AsyncServer")
_PATHS = ("path", "resource", "socketio_path")
_DEFAULT = "socket.io"


def detect(tree: SourceTree) -> Iterator[Fact]:
    known = code.read(tree)
    for route in routes.sockets(known):
        yield WebSocket("plain", route.path, route.seen, route.app)
    for module in known:
        for call in module.nodes(ast.Call):
            yield from _sock(known, module, call)
            yield from _socketio(known, module, call)


def _sock(known: Code, module: Module, call: ast.Call) -> Iterator[WebSocket]:
    if not isinstance(call.func, ast.Attribute) or call.func.attr != "route" or not call.args:
        return
    if Objects(known, _SOCK).of(module, call.func.value) and (path := values.string(known, module, call.args[0])):
        yield WebSocket("plain", path, module.place(call), serving.sole(known))


def _socketio(known: Code, module: Module, call: ast.Call) -> Iterator[WebSocket]:
    """An object without an application only sends, through the message queue."""
    name = known.meaning(module, call.func) or ""
    begins = isinstance(call.func, ast.Attribute) and call.func.attr == "init_app"
    if name in _WRAPPERS:
        app = serving.targets(known, module, call.args[1])[0] if len(call.args) > 1 else serving.sole(known)
    elif (_SOCKETIO.get(name) or (begins and _is_socketio(known, module, call))) and call.args:
        app = serving.targets(known, module, call.args[0])[0]
    else:
        return
    yield WebSocket("socketio", _path(known, module, call), module.place(call), app, _polls(known, module, call))


def _is_socketio(known: Code, module: Module, call: ast.Call) -> bool:
    return isinstance(call.func, ast.Attribute) and bool(Objects(known, _SOCKETIO).of(module, call.func.value))


def _polls(known: Code, module: Module, call: ast.Call) -> bool:
    """Unless `transports` leaves it out; a wrapper's server says so where it is made."""
    calls = [call, *(inner for name in _SERVERS for _, inner in known.called.get(name, ()))]
    stated = (word.value for each in calls for word in each.keywords if word.arg == "transports")
    named = [found.value for node in stated if (found := values.read(known, module, node))]
    return not named or any("polling" in str(value) for value in named)


def _path(known: Code, module: Module, call: ast.Call) -> str:
    stated = next((word.value for word in call.keywords if word.arg in _PATHS), None)
    return f"/{(values.string(known, module, stated) or _DEFAULT).strip('/')}/"

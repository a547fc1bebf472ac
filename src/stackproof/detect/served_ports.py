"""The port that the code itself gives to a server when it is run as a script."""

import ast
from collections.abc import Iterator

from stackproof.detect import code, serving, values, web_programs
from stackproof.detect.code import Code
from stackproof.detect.modules import Module
from stackproof.detect.objects import Objects
from stackproof.detect.values import Reading
from stackproof.detect.web_servers import ASGI, DASH, WSGI
from stackproof.model.facts import Ambiguity, Fact, ServedPort
from stackproof.model.source import Place, SourceTree

_PORTS, _HOSTS = ("port", "server_port"), ("host", "server_name")
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_UVICORN = frozenset({"uvicorn.run", "uvicorn.Config"})
_APPLICATIONS = {**ASGI, **WSGI, **DASH}
_RUNNERS = {**_APPLICATIONS, "flask_socketio.SocketIO": "socketio"}


def detect(tree: SourceTree) -> Iterator[Fact]:
    known = code.read(tree)
    own = {app.seen: app.target for app in web_programs.found(tree)}
    for module in known:
        for call in module.nodes(ast.Call):
            seen = module.place(call)
            port = _port(known, module, call)
            if port and (target := own.get(seen) or _target(known, module, call)):
                yield ServedPort(target, int(port.text or 0), seen, port.variable or "")
            if seen in own and (address := _loopback(known, module, call)):
                yield _unreachable(address, seen)


def _loopback(known: Code, module: Module, call: ast.Call) -> str | None:
    """An address that nothing outside of its container reaches, passed by the code itself."""
    stated = next((word.value for word in call.keywords if word.arg in _HOSTS), None)
    address = values.string(known, module, stated)
    return address if address in _LOOPBACK else None


def _unreachable(address: str, seen: Place) -> Ambiguity:
    because = "the code passes it to its server, and nothing outside of the container reaches that"
    return Ambiguity(
        "listening address", address, (), because, 'leave the host out of the call, or pass "0.0.0.0"', seen
    )


def _port(known: Code, module: Module, call: ast.Call) -> Reading | None:
    """Stated, or the default of the setting that is read."""
    stated = next((word.value for word in call.keywords if word.arg in _PORTS), None)
    found = values.read(known, module, stated) if stated is not None else None
    text = str(found.value) if found else ""
    return found if text.isdecimal() and 0 < int(text) < 65536 else None


def _target(known: Code, module: Module, call: ast.Call) -> str | None:
    """`uvicorn.run("x:y")`, `uvicorn.run(app)`, `app.run()`, `socketio.run(app)`."""
    name = known.meaning(module, call.func) or ""
    if name in _UVICORN and call.args:
        return values.string(known, module, call.args[0]) or _named(known, module, call.args[0])
    if not isinstance(call.func, ast.Attribute) or call.func.attr != "run":
        return None
    if call.args and Objects(known, _APPLICATIONS).of(module, call.args[0]):
        return _named(known, module, call.args[0])  # whatever runs it
    kind = Objects(known, _RUNNERS).of(module, call.func.value)
    return module.name if kind == "socketio" else _named(known, module, call.func.value) if kind else None


def _named(known: Code, module: Module, node: ast.expr) -> str:
    """The application that an object or a call of a factory stands for; the module where nothing tells."""
    bound = module.local(node.id, node.lineno) if isinstance(node, ast.Name) else node
    made = known.meaning(module, bound.func) if isinstance(bound, ast.Call) else None
    factory = next((app.target for app in serving.applications(known) if app.target.replace(":", ".") == made), None)
    return factory or serving.targets(known, module, node)[0] or module.name

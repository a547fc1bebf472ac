"""Application objects and factories of a framework, without those that only serve another: mounted or called by it."""

import ast
from collections.abc import Iterator
from typing import Literal, cast

from stackproof.detect.code import Code
from stackproof.detect.modules import bindings, walk
from stackproof.detect.objects import Made, Objects
from stackproof.model.facts import Framework, WebApp


def applications(objects: Objects, interface: Literal["asgi", "wsgi"]) -> Iterator[WebApp]:
    """Kinds of `objects` are framework names."""
    serving = {*_mounted(objects), *_called(objects), *_wrapped(objects)}
    for made in (*objects.ready, *objects.factories):
        if made.name not in serving:
            yield application(made, cast(Framework, made.kind), interface)


def application(made: Made, framework: Framework, interface: Literal["asgi", "wsgi"]) -> WebApp:
    return WebApp(framework, f"{made.module}:{made.attribute}", made.call is None, interface, made.seen)


def _mounted(objects: Objects) -> Iterator[str]:
    """`app.mount("/v1", sub)`, with whatever is wrapped around `sub`."""
    for module in objects.code:
        for call in module.nodes(ast.Call):
            if isinstance(call.func, ast.Attribute) and call.func.attr == "mount":
                given = [*call.args[1:], *(word.value for word in call.keywords)]
                for node in (node for value in given for node in walk(value)):
                    if isinstance(node, ast.Name | ast.Attribute) and (name := objects.code.meaning(module, node)):
                        yield name


def _wrapped(objects: Objects) -> Iterator[str]:
    """`socket_app = socketio.ASGIApp(server, app)`: `app` alone would not serve the sockets."""
    for made in objects.ready:
        home = objects.code.named.get(made.module)
        for node in made.call.args if made.call and home else ():
            name = objects.code.meaning(home, node) if home else None
            if name and name != made.name and name in objects.by_name:
                yield name


def _called(objects: Objects) -> Iterator[str]:
    """Factories that made a ready object, or that another factory calls."""
    code = objects.code
    for module in code:
        calls = (value for _, value in bindings(module.statements) if isinstance(value, ast.Call))
        yield from (code.meaning(module, call.func) or "" for call in calls if objects.of(module, call))
    for made in objects.factories:
        yield from _calls_of(code, made)


def _calls_of(code: Code, factory: Made) -> Iterator[str]:
    home, function = code.function(factory.name) or (None, None)
    for node in walk(function) if home and function else ():
        if home and isinstance(node, ast.Call):
            yield code.meaning(home, node.func) or ""

"""The paths that applications serve by GET or WebSocket, with the prefixes of routers and URL modules around them."""

import ast
import posixpath
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from stackproof.detect import serving, values, web_servers
from stackproof.detect.code import Code
from stackproof.detect.modules import Function, Module
from stackproof.detect.objects import Objects
from stackproof.model.source import Place

_ROUTERS = {
    "fastapi.APIRouter": "router", "fastapi.routing.APIRouter": "router", "starlette.routing.Router": "router",
    "flask.Blueprint": "router", "flask.blueprints.Blueprint": "router", "quart.Blueprint": "router",
}  # fmt: skip
_APPS = dict.fromkeys((*web_servers.ASGI, *web_servers.WSGI), "app")
_DECORATORS = frozenset({"get", "route", "api_route"})
_ADDING = frozenset({"add_api_route", "add_route", "add_url_rule"})
_SOCKETS = frozenset({"websocket", "websocket_route"})
_ADDING_SOCKETS = frozenset({"add_api_websocket_route", "add_websocket_route"})
_INCLUDING = frozenset({"include_router", "register_blueprint"})
_MOUNTING = frozenset({"mount"})
_DJANGO_PATHS = frozenset({"django.urls.path", "django.urls.conf.path"})
_DJANGO_INCLUDES = frozenset({"django.urls.include", "django.urls.conf.include"})
_WHOLE = frozenset({"litestar.get", "litestar.handlers.get", "aiohttp.web.get"})
_TABLES = {"aiohttp.web.RouteTableDef": "table"}
_MAX_NESTING = 8


class Route(NamedTuple):
    path: str
    view: tuple[Module, Function] | None
    checks: bool  # a library's health view, which checks what it is told to
    app: str  # the target of the application; "" where nothing tells which of several
    seen: Place


class _Included(NamedTuple):
    """A router that is included somewhere: "" as outer for the application itself, "" as router for an unknown one."""

    router: str
    outer: str
    apps: tuple[str, ...]  # where the outer one is an application
    prefix: str


def served(code: Code) -> Iterator[Route]:
    for module in code:
        yield from _decorated(code, module, _DECORATORS)
        yield from _added(code, module, _ADDING)
        yield from _starlette(code, module, "starlette.routing.Route")
        yield from _whole(code, module)
    yield from _django(code)


def sockets(code: Code) -> Iterator[Route]:
    """Routes that speak WebSocket."""
    for module in code:
        yield from _decorated(code, module, _SOCKETS)
        yield from _added(code, module, _ADDING_SOCKETS)
        yield from _starlette(code, module, "starlette.routing.WebSocketRoute")


def unplaced(code: Code) -> Iterator[Route]:
    """Routes of routers that nothing includes by name, where something is included whose name cannot be followed."""
    if all(item.router for item in _inclusions(code)):
        return
    for module in code:
        for call in module.nodes(ast.Call):
            if _calls(call, _DECORATORS) and isinstance(call.func, ast.Attribute) and call.args:
                path = values.string(code, module, call.args[0])
                router = _identity(code, module, call.func.value)
                if path and router in _own_prefixes(code) and not list(_prefixes(code, router, 0)):
                    yield Route(_own_prefixes(code)[router] + path, None, False, "", module.place(call))


def _decorated(code: Code, module: Module, methods: frozenset[str]) -> Iterator[Route]:
    functions: Sequence[Function] = [*module.nodes(ast.FunctionDef), *module.nodes(ast.AsyncFunctionDef)]
    for function in functions:
        for decorator in function.decorator_list:
            if isinstance(decorator, ast.Call) and _calls(decorator, methods) and _by_get(code, module, decorator):
                for app, path in _paths(code, module, decorator):
                    yield Route(path, (module, function), False, app, module.place(decorator))


def _added(code: Code, module: Module, methods: frozenset[str]) -> Iterator[Route]:
    for call in module.nodes(ast.Call):
        if _calls(call, methods) and _by_get(code, module, call):
            for app, path in _paths(code, module, call):
                yield Route(path, _view(code, module, call), False, app, module.place(call))


def _starlette(code: Code, module: Module, kind: str) -> Iterator[Route]:
    for call in module.nodes(ast.Call):
        is_route = code.meaning(module, call.func) == kind and call.args
        if is_route and (path := values.string(code, module, call.args[0])):
            yield Route(path, _view(code, module, call), False, serving.sole(code), module.place(call))


def _whole(code: Code, module: Module) -> Iterator[Route]:
    """Litestar's handlers and aiohttp's routes: their paths are whole, but for those of controllers."""
    for call in module.nodes(ast.Call):
        adds = isinstance(call.func, ast.Attribute) and call.func.attr == "add_get"
        listed = adds or code.meaning(module, call.func) in _WHOLE or _table(code, module, call)
        if listed and call.args and (path := values.string(code, module, call.args[0])):
            yield Route(path, _view(code, module, call), False, serving.sole(code), module.place(call))


def _table(code: Code, module: Module, call: ast.Call) -> bool:
    """`@routes.get("/health")` of aiohttp's route table."""
    reads = isinstance(call.func, ast.Attribute) and call.func.attr == "get"
    return reads and isinstance(call.func, ast.Attribute) and bool(Objects(code, _TABLES).of(module, call.func.value))


def _calls(call: ast.Call, methods: frozenset[str]) -> bool:
    return isinstance(call.func, ast.Attribute) and call.func.attr in methods


def _paths(code: Code, module: Module, call: ast.Call) -> Iterator[tuple[str, str]]:
    """Applications and full paths of a route call; several where a router is included several times."""
    stated = (
        call.args[0]
        if call.args
        else next((word.value for word in call.keywords if word.arg in ("path", "rule")), None)
    )
    path = values.string(code, module, stated)
    if path is None:
        return
    owner = call.func.value if isinstance(call.func, ast.Attribute) else call.func
    if _objects(code, "app").of(module, owner):
        mounted = list(_prefixes(code, code.meaning(module, owner) or "", 0))
        found = mounted or [(app, "") for app in serving.targets(code, module, owner)]
        yield from ((app, f"{prefix}{path}") for app, prefix in found)
    elif _objects(code, "router").of(module, owner):
        for app, prefix in _prefixes(code, _identity(code, module, owner), 0):
            yield app, f"{prefix}{path}"


def _by_get(code: Code, module: Module, call: ast.Call) -> bool:
    methods = next((word.value for word in call.keywords if word.arg == "methods"), None)
    found = values.read(code, module, methods) if methods is not None else None
    return not found or not isinstance(found.value, tuple) or "GET" in found.value


def _view(code: Code, module: Module, call: ast.Call) -> tuple[Module, Function] | None:
    given = [*call.args[1:], *(word.value for word in call.keywords if word.arg in ("endpoint", "view_func"))]
    names = (code.meaning(module, node) for node in given)
    return next((known for name in names if name and (known := code.function(name))), None)


@lru_cache(maxsize=16)
def _objects(code: Code, kind: str) -> Objects:
    return Objects(code, _APPS if kind == "app" else _ROUTERS)


def _identity(code: Code, module: Module, node: ast.expr) -> str:
    """One name for a router, wherever it is spoken of; a local one by its function."""
    name = code.meaning(module, node) or ""
    if name in _objects(code, "router").by_name:
        return name
    function = module.within(node.lineno)
    return f"{module.name}:{function.name if function else ''}.{name}"


def _prefixes(code: Code, router: str, nesting: int) -> Iterator[tuple[str, str]]:
    """Application and prefix of all inclusions, from the application inwards; none where nothing includes a router."""
    if nesting > _MAX_NESTING:
        return
    own = _own_prefixes(code).get(router, "")
    for item in _inclusions(code):
        if item.router == router:
            inner = f"{item.prefix}{own}"
            outer = _prefixes(code, item.outer, nesting + 1) if item.outer else ((app, "") for app in item.apps)
            yield from ((app, f"{prefix}{inner}") for app, prefix in outer)


@lru_cache(maxsize=8)
def _inclusions(code: Code) -> tuple[_Included, ...]:
    calls = ((module, call) for module in code for call in module.nodes(ast.Call))
    found = (item for home, call in calls for item in (*_inclusion(code, home, call), *_mount(code, home, call)))
    return tuple(found)


def _mount(code: Code, module: Module, call: ast.Call) -> Iterator[_Included]:
    """`app.mount("/v1", sub)`: an application that another one serves is like a router."""
    if not _calls(call, _MOUNTING) or not isinstance(call.func, ast.Attribute) or len(call.args) < 2:
        return
    sub = code.meaning(module, call.args[1]) or ""
    if sub in _objects(code, "app").by_name and (path := values.string(code, module, call.args[0])):
        yield _Included(sub, "", serving.targets(code, module, call.func.value), path.rstrip("/"))


def _inclusion(code: Code, module: Module, call: ast.Call) -> Iterator[_Included]:
    if isinstance(call.func, ast.Attribute) and call.func.attr in _INCLUDING and call.args:
        outer = call.func.value
        is_app = _objects(code, "app").of(module, outer) or not _objects(code, "router").of(module, outer)
        known = _objects(code, "router").of(module, call.args[0]) and _prefix(code, module, call) is not None
        router = call.args[0] if known else None
        yield _Included(
            router=_identity(code, module, router) if router else "",
            outer="" if is_app else _identity(code, module, outer),
            apps=serving.targets(code, module, outer) if is_app else (),
            prefix=_prefix(code, module, call) or "",
        )


@lru_cache(maxsize=8)
def _own_prefixes(code: Code) -> dict[str, str]:
    """`APIRouter(prefix=...)`, `Blueprint(url_prefix=...)`."""
    made = _objects(code, "router").ready
    homes = ((item, code.named[item.module]) for item in made)
    return {item.name: _prefix(code, home, item.call) or "" for item, home in homes if item.call}


def _prefix(code: Code, module: Module, call: ast.Call) -> str | None:
    """None for one that only the running program knows."""
    stated = next((word.value for word in call.keywords if word.arg in ("prefix", "url_prefix")), None)
    found = "" if stated is None or _is_none(stated) else values.string(code, module, stated)
    return None if found is None else found.rstrip("/")


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _django(code: Code) -> Iterator[Route]:
    included = {target for module in code for _, target, _ in _url_includes(code, module)}
    for module in code:
        if module.name not in included and "urlpatterns" in module.names:
            yield from _urls(code, module, "/", 0)


def _urls(code: Code, module: Module, prefix: str, nesting: int) -> Iterator[Route]:
    for call in module.nodes(ast.Call):
        path = _django_path(code, module, call)
        if path is not None and len(call.args) > 1 and not isinstance(call.args[1], ast.Call):
            yield Route(prefix + path, _view(code, module, call), False, serving.sole(code), module.place(call))
    for path, target, seen in _url_includes(code, module):
        if target == "health_check.urls":
            yield Route(prefix + path, None, True, serving.sole(code), seen)
        elif nesting < _MAX_NESTING and (home := code.named.get(target)):
            yield from _urls(code, home, posixpath.join(prefix, path), nesting + 1)


def _url_includes(code: Code, module: Module) -> Iterator[tuple[str, str, Place]]:
    """(path, module, place) of `path("api/", include("shop.urls"))`."""
    for call in module.nodes(ast.Call):
        path = _django_path(code, module, call)
        inner = call.args[1] if path is not None and len(call.args) > 1 else None
        if isinstance(inner, ast.Call) and code.meaning(module, inner.func) in _DJANGO_INCLUDES and inner.args:
            target = values.string(code, module, inner.args[0]) or code.meaning(module, inner.args[0])
            yield path or "", target or "", module.place(call)


def _django_path(code: Code, module: Module, call: ast.Call) -> str | None:
    is_path = code.meaning(module, call.func) in _DJANGO_PATHS and call.args
    return values.string(code, module, call.args[0]) if is_path else None

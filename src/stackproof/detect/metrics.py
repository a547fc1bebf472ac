"""Routes for Prometheus: an own route, a mounted application of its client, or what an instrumenting library adds."""

import ast
from collections.abc import Iterator

from stackproof.detect import celery_conf, code, environment_reads, routes, serving, settings_classes, values
from stackproof.detect.code import Code
from stackproof.detect.modules import Module, walk
from stackproof.model.facts import Fact, MetricsRoute
from stackproof.model.source import Place, SourceTree

_ROUTE = "/metrics"
_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
_MAKERS = frozenset({"prometheus_client.make_asgi_app", "prometheus_client.make_wsgi_app"})
_COLLECTORS = frozenset({"prometheus_client.multiprocess.MultiProcessCollector", "multiprocess.MultiProcessCollector"})
_INSTRUMENTATOR = "prometheus_fastapi_instrumentator.Instrumentator"
_FLASK = frozenset({
    "prometheus_flask_exporter.PrometheusMetrics",
    "prometheus_flask_exporter.multiprocess.GunicornPrometheusMetrics",
})  # fmt: skip


def detect(tree: SourceTree) -> Iterator[Fact]:
    """The shortest path first."""
    known = code.read(tree)
    several = _multiprocess(known)
    found = dict.fromkeys((*_own(known), *(item for module in known for item in _made(known, module))))
    for path, app, seen in sorted(found, key=lambda item: len(item[0])):
        yield MetricsRoute(path, several, seen, app)


def _own(known: Code) -> Iterator[tuple[str, str, Place]]:
    for route in routes.served(known):
        if route.path.rstrip("/").endswith(_ROUTE):
            yield route.path, route.app, route.seen


def _made(known: Code, module: Module) -> Iterator[tuple[str, str, Place]]:
    for call in module.nodes(ast.Call):
        for path, app in (*_mounted(known, module, call), *_exposed(known, module, call), *_flask(known, module, call)):
            yield path, app, module.place(call)
    for table in module.nodes(ast.Dict):  # DispatcherMiddleware(app, {"/metrics": make_wsgi_app()})
        for key, value, seen in celery_conf.pairs(module, table):
            if _is_maker(known, module, value) and (stated := values.string(known, module, key)):
                yield stated, serving.sole(known), seen


def _mounted(known: Code, module: Module, call: ast.Call) -> Iterator[tuple[str, str]]:
    """`app.mount("/metrics", make_asgi_app())`, `Mount("/metrics", app=...)`."""
    given = [*call.args[1:], *(word.value for word in call.keywords)]
    if not call.args or not any(_is_maker(known, module, item) for item in given):
        return
    if isinstance(call.func, ast.Attribute) and call.func.attr == "mount":
        apps = serving.targets(known, module, call.func.value)
    elif known.meaning(module, call.func) == "starlette.routing.Mount":
        apps = (serving.sole(known),)
    else:
        return
    if path := values.string(known, module, call.args[0]):
        yield from ((path, app) for app in apps)


def _is_maker(known: Code, module: Module, node: ast.expr) -> bool:
    """A call of a maker, or a name for its result; a function of the project that returns one too."""
    if isinstance(node, ast.Name):
        bound = module.local(node.id, node.lineno)
        return isinstance(bound, ast.Call) and _is_maker(known, module, bound)
    name = known.meaning(module, node.func) if isinstance(node, ast.Call) else None
    if name in _MAKERS:
        return True
    home, function = known.function(name or "") or (None, None)
    for value in settings_classes.returned(function) if function else ():
        if home and isinstance(value, ast.Call) and known.meaning(home, value.func) in _MAKERS:
            return True
    return False


def _exposed(known: Code, module: Module, call: ast.Call) -> Iterator[tuple[str, str]]:
    """`Instrumentator().instrument(app).expose(app, endpoint="/metrics")`."""
    if not isinstance(call.func, ast.Attribute) or call.func.attr != "expose" or not call.args:
        return
    if any(_is_instrumentator(known, module, node) for node in walk(call.func.value)):
        path = _stated(known, module, call, ("endpoint",))
        yield from ((path, app) for app in serving.targets(known, module, call.args[0]))


def _is_instrumentator(known: Code, module: Module, node: ast.AST) -> bool:
    if isinstance(node, ast.Name):
        bound = module.local(node.id, node.lineno)
        return isinstance(bound, ast.Call) and any(_is_instrumentator(known, module, inner) for inner in walk(bound))
    return isinstance(node, ast.Call) and known.meaning(module, node.func) == _INSTRUMENTATOR


def _flask(known: Code, module: Module, call: ast.Call) -> Iterator[tuple[str, str]]:
    if known.meaning(module, call.func) in _FLASK:
        app = serving.targets(known, module, call.args[0])[0] if call.args else serving.sole(known)
        yield _stated(known, module, call, ("path",)), app


def _stated(known: Code, module: Module, call: ast.Call, words: tuple[str, ...]) -> str:
    stated = next((word.value for word in call.keywords if word.arg in words), None)
    return values.string(known, module, stated) or _ROUTE


def _multiprocess(known: Code) -> bool:
    """The code reads the folder's name, or collects over it."""
    names = {read.name for read in environment_reads.reads(known)}
    names |= {field.variable for name in settings_classes.classes(known) for field in _fields(known, name)}
    return _FOLDER in names or any(_collects(known, module) for module in known)


def _fields(known: Code, name: str) -> tuple[settings_classes.SettingsField, ...]:
    return tuple(settings_classes.fields(known, name).values())


def _collects(known: Code, module: Module) -> bool:
    return any(known.meaning(module, call.func) in _COLLECTORS for call in module.nodes(ast.Call))

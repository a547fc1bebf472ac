"""The web applications: uvicorn for ASGI, gunicorn for WSGI."""

from dataclasses import dataclass, replace
from typing import TypeVar

from stackproof.errors import UserError
from stackproof.model.facts import (
    Ambiguity,
    HealthRoute,
    Locked,
    MetricsRoute,
    PlainRoute,
    Scheduler,
    ServedPort,
    WebApp,
    WebSocket,
)
from stackproof.model.source import Place
from stackproof.model.stack import Assignment, Because, Health, Limits, Publish, Service
from stackproof.plan import grace, ports, programs, replicas, serving
from stackproof.plan.code import Code
from stackproof.plan.given import Given

SERVICE = "api"
WORKER = "worker"  # its `app` is a Celery application
PORT = 8000
DEBUGGER = 5678
_SERVERS = {"asgi": "uvicorn", "wsgi": "gunicorn"}
_WSGI_PACKAGES = ("flask", "django")
_OFFERED = {"fastapi": "/openapi.json", "litestar": "/schema/openapi.json"}  # by themselves, unless switched off
R = TypeVar("R", HealthRoute, MetricsRoute)


@dataclass(frozen=True, slots=True)
class Web:
    """A web application of the stack: the first is `api`, further ones come from the settings."""

    name: str
    app: WebApp
    row: int  # which one of them, from 0


def applications(given: Given) -> tuple[Web, ...]:
    first = application(given)
    named = [name for name, said in given.settings.services.items() if said.app and name not in (SERVICE, WORKER)]
    more = [(name, _chosen(given, name)) for name in named]
    found = ([(SERVICE, first)] if first else []) + [(name, app) for name, app in more if app]
    return tuple(Web(name, app, row) for row, (name, app) in enumerate(found))


def application(given: Given) -> WebApp | None:
    """The one that the settings name, else the first that was found. Raises UserError where the name is none."""
    if given.settings.service(SERVICE).app:
        return _chosen(given, SERVICE)
    return given.project.first(WebApp)


def server(web: WebApp) -> str | None:
    """None: the program serves by itself."""
    return _SERVERS.get(web.interface)


def health_route(given: Given, web: Web) -> tuple[str, Because, Ambiguity | None]:
    """The path that says "ready"; where no route does, one that a framework has, with a note."""
    key = f"services.{web.name}.health"
    if said := given.settings.service(web.name).health:
        return said, Because("settings", given.settings.place(key)), None
    if path := programs.HEALTH.get(web.app.framework):
        return path, Because(f"{web.app.framework}'s own route", web.app.seen), None
    routes = _own(given.project.all(HealthRoute), web)
    for kind in ("ready", "live"):
        for route in routes:
            if route.kind == kind:
                return route.path, Because(f"the application's route for {kind}", route.seen), None
    path, seen = _offered(given, web)
    because = "no route says that the application is ready; this one must answer 200"
    note = Ambiguity("health route", path, (), because, f'{key} = "/health"', seen)
    return path, Because(because, seen), note


def _offered(given: Given, web: Web) -> tuple[str, Place]:
    """What a framework answers by itself; else a page of the application, else the top one."""
    page = next((fact for fact in given.project.all(PlainRoute) if fact.app in ("", web.app.target)), None)
    path = _OFFERED.get(web.app.framework)
    if page and (page.instead or not path):
        return page.path, page.seen
    return path or "/", web.app.seen


def web(given: Given, code: Code, found: Web) -> Service:
    said = given.settings.service(found.name)
    stop = said.grace or grace.WEB
    drain = grace.drain(found.name, stop, given.settings.place(f"services.{found.name}.grace"))
    path, why, _ = health_route(given, found)
    port = _port(given, found)
    usual = found.name == SERVICE and found.app.interface != "own"  # what serves itself may not know of another port
    publish = ports.publish(given, found.name, PORT if usual else port)
    debugger = _debugger(given, found)
    processes = serving.processes(given, found.name, found.app)
    metrics = _metrics(given, found)
    shared = code.service(
        found.name, "web", serving.command(given, found.name, found.app, drain), Limits(512, 1.0, 256)
    )
    told = {each.name: each for each in (*shared.environment, *programs.variables(given, found.app))}
    served = replace(
        shared,
        environment=(*told.values(), *_counted(metrics, processes)),
        port=port,
        publish=publish,
        health=Health("http", path, port, interval=5.0),
        grace=stop,
        networks=code.networks_of(found.name, "front", published=bool(publish or debugger)),
        because=(
            Because(f"{found.app.framework} application {found.app.target}", found.app.seen),
            why,
            Because(f"open requests have {drain} s after SIGTERM, {grace.MARGIN:g} s less than the container"),
        ),
        metrics=metrics.path if metrics else None,
        more=(debugger,) if debugger else (),
        debugger=serving.debugger(DEBUGGER) if debugger else (),
    )
    return replace(served, replicas=_replicas(given, code, found, served))


def _port(given: Given, web: Web) -> int:
    """The settings' word, the code's, or the next after the first one's."""
    if said := given.settings.service(web.name).port:
        return said
    for fact in given.project.all(ServedPort):
        if fact.target in (web.app.target, web.app.target.partition(":")[0]):
            return fact.port
    return programs.PORTS.get(web.app.framework, PORT) + web.row


def _debugger(given: Given, web: Web) -> Publish | None:
    """On loopback, whatever the address of the other ports: whoever reaches it runs code."""
    said = given.settings.service(web.name).debugger
    if not given.dev or said is False or web.app.interface == "own":
        return None
    port = DEBUGGER + web.row if said is None or said is True else said
    return Publish("127.0.0.1", port, DEBUGGER)


def _metrics(given: Given, web: Web) -> MetricsRoute | None:
    said = given.settings.service(web.name).metrics
    found = next(iter(_own(given.project.all(MetricsRoute), web)), None)
    if said is False:
        return None
    if isinstance(said, str):
        seen = given.settings.place(f"services.{web.name}.metrics") or web.app.seen
        return MetricsRoute(said, bool(found and found.multiprocess), seen)
    return found


def _counted(metrics: MetricsRoute | None, processes: int) -> tuple[Assignment, ...]:
    """Several processes count into one folder, or each scrape would see one of them."""
    if metrics is None or not metrics.multiprocess or processes == 1:
        return ()
    because = Because("all server processes count together", metrics.seen)
    return (Assignment("PROMETHEUS_MULTIPROC_DIR", "@{tmp}", settable=False, because=because),)


def _replicas(given: Given, code: Code, web: Web, served: Service) -> int:
    """One, unless told, where a second would not know what the first knows, or do all that it does once more.

    Several that speak Socket.IO must hear of each other's messages, through Redis.
    """
    socket = given.project.first(WebSocket)
    apart = socket is not None and socket.kind == "socketio" and not code.stores_of(web.name)
    alone = apart or web.app.interface == "own" or given.project.first(Scheduler) is not None
    if alone and given.settings.service(web.name).replicas is None:
        return 1
    return replicas.count(given, served)


def _own(routes: tuple[R, ...], web: Web) -> tuple[R, ...]:
    """Those of the application's own package, where there are any: another application may have others."""
    folder = web.app.target.partition(":")[0].rpartition(".")[0].replace(".", "/")
    near = tuple(route for route in routes if folder and f"/{folder}/" in f"/{route.seen.path}")
    return near or routes


def _chosen(given: Given, service: str) -> WebApp | None:
    said = given.settings.service(service).app or ""
    target = said.removesuffix("()")
    for candidate in given.project.all(WebApp):
        if candidate.target == target:
            return candidate
    place = given.settings.place(f"services.{service}.app") or Place("stackproof.toml")
    return _named(given, service, said, place)


def _named(given: Given, service: str, said: str, place: Place) -> WebApp:
    target, factory = said.removesuffix("()"), said.endswith("()")
    if target.endswith(".py"):
        raise UserError(
            f"{place}: services.{service}.app is {target!r}, and nothing in that file is known to serve",
            fix='Describe it by its command: [services.NAME] command = ["python", "..."], with port and health.',
        )
    module, colon, attribute = target.partition(":")
    if not colon or not all(part.isidentifier() for part in (*module.split("."), *attribute.split("."))):
        raise UserError(
            f"{place}: services.{service}.app is {target!r}, not a module and a name in it",
            fix='Write it as "package.module:name", or "package.module:create_app()" for a factory.',
        )
    names = {fact.name for fact in given.project.all(Locked)}
    wsgi = module.endswith("wsgi") or (not module.endswith("asgi") and not names & {"fastapi", "starlette"})
    framework = next((name for name in ("fastapi", "starlette", *_WSGI_PACKAGES) if name in names), "starlette")
    return WebApp(framework, target, factory, "wsgi" if wsgi else "asgi", place)  # type: ignore[arg-type]

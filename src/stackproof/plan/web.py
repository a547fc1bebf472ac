"""The web application: uvicorn for ASGI, gunicorn for WSGI, one server process per container."""

from pathlib import PurePosixPath

from stackproof.errors import UserError
from stackproof.model.facts import Ambiguity, HealthRoute, Locked, WebApp
from stackproof.model.source import Place
from stackproof.model.stack import Assignment, Because, Health, Limits, Mount, Need, Service
from stackproof.plan import grace, knowledge, ports
from stackproof.plan.build import import_roots
from stackproof.plan.given import APP, Given
from stackproof.plan.networks import reached

SERVICE = "api"
PORT = 8000
_SERVERS = {"asgi": "uvicorn", "wsgi": "gunicorn"}
_WSGI_PACKAGES = ("flask", "django")


def application(given: Given) -> WebApp | None:
    """The one that the settings name, else the first that was found. Raises UserError where the name is none."""
    said = given.settings.service(SERVICE).app
    found = given.project.all(WebApp)
    if said is None:
        return found[0] if found else None
    target = said.removesuffix("()")
    for candidate in found:
        if candidate.target == target:
            return candidate
    place = given.settings.place(f"services.{SERVICE}.app") or Place("stackproof.toml")
    return _named(given, target, said.endswith("()"), place)


def server(web: WebApp) -> str:
    return _SERVERS[web.interface]


def health_route(given: Given, web: WebApp) -> tuple[str, Because, Ambiguity | None]:
    """The path that says "ready"; where no route does, one that a framework has, with a note."""
    if said := given.settings.service(SERVICE).health:
        return said, Because("settings", given.settings.place(f"services.{SERVICE}.health")), None
    routes = given.project.all(HealthRoute)
    for kind in ("ready", "live"):
        for route in routes:
            if route.kind == kind:
                return route.path, Because(f"the application's route for {kind}", route.seen), None
    path = "/openapi.json" if web.framework == "fastapi" else "/"
    because = "no route says that the application is ready; this one must answer 200"
    note = Ambiguity("health route", path, (), because, f'services.{SERVICE}.health = "/health"', web.seen)
    return path, Because(because, web.seen), note


def web(
    given: Given, app: WebApp, environment: tuple[Assignment, ...], mounts: tuple[Mount, ...], needs: tuple[Need, ...]
) -> Service:
    said = given.settings.service(SERVICE)
    port = said.port or PORT
    publish = ports.publish(given, SERVICE, PORT)
    stop = said.grace or grace.WEB
    drain = grace.drain(SERVICE, stop, given.settings.place(f"services.{SERVICE}.grace"))
    path, why, _ = health_route(given, app)
    return Service(
        name=SERVICE,
        role="web",
        image=given.image,
        built=True,
        command=_uvicorn(given, app, drain) if app.interface == "asgi" else _gunicorn(given, app, drain),
        environment=environment,
        port=port,
        publish=publish,
        uid=given.uid,
        gid=given.uid,
        health=Health("http", path, port, interval=5.0),
        needs=needs,
        mounts=mounts,
        limits=Limits(said.memory_mb or 512, said.cpus or 1.0, said.pids or 256),
        grace=stop,
        networks=reached(publish is not None, "front", "back"),
        because=(
            Because(f"{app.framework} application {app.target}", app.seen),
            why,
            Because(f"open requests have {drain} s after SIGTERM, {grace.MARGIN:g} s less than the container"),
        ),
    )


def _uvicorn(given: Given, app: WebApp, drain: int) -> tuple[str, ...]:
    command = ["uvicorn", app.target, "--host", "@{self.bind}", "--port", "@{self.port}", "--no-server-header"]
    if app.factory:
        command.append("--factory")
    if knowledge.knows("uvicorn", "--timeout-graceful-shutdown", given.version("uvicorn")):
        command += ["--timeout-graceful-shutdown", str(drain)]
    if given.dev:
        command.append("--reload")
        for folder in sources(given):
            command += ["--reload-dir", folder]
    return tuple(command)


def _gunicorn(given: Given, app: WebApp, drain: int) -> tuple[str, ...]:
    command = [
        "gunicorn", f"{app.target}()" if app.factory else app.target, "--bind", "@{self.bind}:@{self.port}",
        "--worker-class", "gthread", "--threads", str(given.settings.service(SERVICE).concurrency or 4),
        "--worker-tmp-dir", "@{tmp}", "--graceful-timeout", str(drain), "--access-logfile", "-",
    ]  # fmt: skip
    if knowledge.knows("gunicorn", "--no-control-socket", given.version("gunicorn")):
        command.append("--no-control-socket")
    if given.dev:
        command.append("--reload")
    return tuple(command)


def sources(given: Given) -> tuple[str, ...]:
    """The import roots as folders; the project itself where modules lie at its top."""
    return tuple(str(PurePosixPath(APP, root)) for root in import_roots(given))


def _named(given: Given, target: str, factory: bool, place: Place) -> WebApp:
    module, colon, attribute = target.partition(":")
    if not colon or not all(part.isidentifier() for part in (*module.split("."), *attribute.split("."))):
        raise UserError(
            f"{place}: services.{SERVICE}.app is {target!r}, not a module and a name in it",
            fix='Write it as "package.module:name", or "package.module:create_app()" for a factory.',
        )
    names = {fact.name for fact in given.project.all(Locked)}
    wsgi = module.endswith("wsgi") or (not module.endswith("asgi") and not names & {"fastapi", "starlette"})
    framework = next((name for name in ("fastapi", "starlette", *_WSGI_PACKAGES) if name in names), "starlette")
    return WebApp(framework, target, factory, "wsgi" if wsgi else "asgi", place)  # type: ignore[arg-type]

"""The command of a web application's server: how many processes and threads, what it drains, what it reloads."""

from stackproof.errors import UserError
from stackproof.model.facts import WebApp, WebSocket
from stackproof.plan import knowledge, programs
from stackproof.plan.given import Given, at
from stackproof.plan.reloading import sources

_IMPORTS = "60"  # seconds for a worker to import the application; it answers its parent only then
_THREADS, _SOCKETS = 4, 100  # a WebSocket holds a thread for as long as it is open


def command(given: Given, name: str, app: WebApp, drain: int) -> tuple[str, ...]:
    if app.interface == "own":
        return programs.command(given, app)
    return _uvicorn(given, name, app, drain) if app.interface == "asgi" else _gunicorn(given, name, app, drain)


def processes(given: Given, name: str, app: WebApp) -> int:
    """Of the server in each container; a reload in dev watches one. Raises UserError where there can be only one."""
    said = given.settings.service(name).workers or 1
    if said > 1 and socketio(given, app):
        raise UserError(
            f"{at(given.settings.place(f'services.{name}.workers'))}services.{name}.workers is {said}, but Socket.IO "
            "keeps each client in the process that it first talked to",
            fix=f"Leave it out and give services.{name}.replicas: the proxy leads a client to the same one.",
        )
    return 1 if given.dev else said


def socketio(given: Given, app: WebApp) -> bool:
    """Flask-SocketIO under gunicorn."""
    sockets = given.project.all(WebSocket)
    return app.interface == "wsgi" and any(socket.kind == "socketio" for socket in sockets)


def debugger(port: int) -> tuple[str, ...]:
    """The words in front of a server's own. Frozen modules have no lines that a debugger could stop at."""
    return ("python", "-X", "frozen_modules=off", "-m", "debugpy", "--listen", f"@{{self.bind}}:{port}", "-m")


def _uvicorn(given: Given, name: str, app: WebApp, drain: int) -> tuple[str, ...]:
    words = ["uvicorn", app.target, "--host", "@{self.bind}", "--port", "@{self.port}", "--no-server-header"]
    if app.factory:
        words.append("--factory")
    if knowledge.knows("uvicorn", "--timeout-graceful-shutdown", given.version("uvicorn")):
        words += ["--timeout-graceful-shutdown", str(drain)]
    workers = _workers(given, name, app)
    words += workers
    if workers and knowledge.knows("uvicorn", "--timeout-worker-healthcheck", given.version("uvicorn")):
        words += ["--timeout-worker-healthcheck", _IMPORTS]  # by itself it kills one that imports for over 5 s
    if given.dev:
        words.append("--reload")
        for folder in sources(given):
            words += ["--reload-dir", folder]
    return tuple(words)


def _gunicorn(given: Given, name: str, app: WebApp, drain: int) -> tuple[str, ...]:
    threads = given.settings.service(name).concurrency or (_SOCKETS if socketio(given, app) else _THREADS)
    words = [
        "gunicorn", f"{app.target}()" if app.factory else app.target, "--bind", "@{self.bind}:@{self.port}",
        *_workers(given, name, app), "--worker-class", "gthread", "--threads", str(threads),
        "--worker-tmp-dir", "@{tmp}", "--graceful-timeout", str(drain), "--access-logfile", "-",
    ]  # fmt: skip
    if knowledge.knows("gunicorn", "--no-control-socket", given.version("gunicorn")):
        words.append("--no-control-socket")
    if given.dev:
        words.append("--reload")
    return tuple(words)


def _workers(given: Given, name: str, app: WebApp) -> list[str]:
    count = processes(given, name, app)
    return ["--workers", str(count)] if count > 1 else []

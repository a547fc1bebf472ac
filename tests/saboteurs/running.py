"""What breaks the promises about a running stack, one at a time."""

from dataclasses import replace

from stackproof.model.stack import Health, Service, Stack
from tests.saboteurs import Saboteur
from tests.saboteurs.edits import DOCKER, PROCESS, appended, assigned, bounded, compose, service, source, without

_MAIN, _TASKS = "src/tubeatlas/main.py", "src/tubeatlas/tasks.py"
_CELERY, _LOGS = "src/tubeatlas/config/celery_app.py", "src/tubeatlas/config/logs.py"

_CATCH_ALL = """

@app.get("/{path:path}")
async def anything(path: str) -> dict[str, object]:
    return {"status": "ok", "checks": {"database": "ok", "redis": "ok"}}
"""
_CANONICAL_HOST = """

@app.middleware("http")
async def canonical(request, call_next):  # type: ignore[no-untyped-def]
    from fastapi.responses import RedirectResponse

    if request.url.port != 8000:
        return RedirectResponse(f"http://tubeatlas.example:8000{request.url.path}")
    return await call_next(request)
"""
_DEAD_ROUTE = '        "tubeatlas.tasks.index_videos": {"queue": "video_processing"},\n'
_LOG_FILE = """    import tempfile

    logging.getLogger().addHandler(logging.FileHandler(f"{tempfile.gettempdir()}/tubeatlas.log"))
    logging.getLogger("uvicorn.access").addHandler(logging.FileHandler(f"{tempfile.gettempdir()}/access.log"))
"""

_in_seven_seconds = bounded(ready_seconds=7.0)


def _probed_late(stack: Stack) -> Stack:
    def late(one: Service) -> Service:
        return replace(one, health=replace(_health(one), start_interval=8.0, interval=8.0))

    return service("api", late)(_in_seven_seconds(stack))


def _without_heartbeat(one: Service) -> Service:
    quick = replace(_health(one), start_period=5.0, interval=2.0)
    return replace(assigned(one, "STACKPROOF_HEARTBEAT", "@{tmp}/elsewhere"), health=quick)


def _health(one: Service) -> Health:
    assert one.health is not None
    return one.health


def _listens_everywhere(one: Service) -> Service:
    return replace(one, command=tuple("0.0.0.0" if word == "@{self.bind}" else word for word in one.command))


def _one_queue_less(one: Service) -> Service:
    all_of_them, fewer = ",".join(one.queues), ",".join(one.queues[:-1])
    return replace(one, command=tuple(word.replace(all_of_them, fewer) for word in one.command))


def _as_root(said: dict[str, object]) -> dict[str, object]:
    return {**said, "user": "0:0", "cap_add": ["DAC_OVERRIDE"]}


def _published(said: dict[str, object]) -> dict[str, object]:
    """A port of a service that is only on an internal network is never published."""
    port = {"host_ip": "0.0.0.0", "published": "16399", "target": 6379}
    return {**said, "ports": [port], "networks": ["back", "edge"]}


RUNNING: tuple[Saboteur, ...] = (
    Saboteur(
        "SP301-healthy-in-time",
        "the first probe of the API comes after 8 s, and 7 s are allowed",
        "api was healthy only after",
        stack=_probed_late,
        on=DOCKER,  # plain processes are probed sooner than that
    ),
    Saboteur(
        "SP301-healthy-in-time",
        "the API loads something for 8 s when it is imported, and 7 s are allowed",
        "api was healthy only after",
        tree=appended(_MAIN, "\nimport time\n\ntime.sleep(8)\n"),
        stack=_in_seven_seconds,
    ),
    Saboteur(
        "SP301-healthy-in-time",
        "the worker's heartbeat goes to another file than the one that is looked at",
        "worker",
        stack=service("worker", _without_heartbeat),
    ),
    Saboteur(
        "SP302-start-order",
        "the rendered file forgets what the worker depends on",
        "before redis was healthy",
        artifacts=compose("worker", without("depends_on")),
        on=DOCKER,
    ),
    Saboteur(
        "SP302-start-order",
        "the stack forgets that the API needs Redis",
        "api talks to redis (REDIS_URL), but does not wait for it",
        stack=service("api", lambda one: replace(one, needs=())),
    ),
    Saboteur(
        "SP303-health-answers",
        "any path is answered like the health path",
        "a catch-all answer proves nothing",
        tree=appended(_MAIN, _CATCH_ALL),
    ),
    Saboteur(
        "SP303-health-answers",
        "whoever comes over the published port is sent to another host",
        "a redirect to http://tubeatlas.example:8000/health",
        tree=appended(_MAIN, _CANONICAL_HOST),
        on=DOCKER,
        environment="dev",  # behind a proxy the stack would not get healthy: the proxy asks as a client does
    ),
    Saboteur(
        "SP304-least-privilege",
        "the API runs as root",
        "runs as root",
        artifacts=compose("api", _as_root),
        on=DOCKER,
    ),
    Saboteur(
        "SP304-least-privilege",
        "the worker's root file system can be written",
        "can write to its root file system",
        artifacts=compose("worker", without("read_only")),
        on=DOCKER,
    ),
    Saboteur(
        "SP304-least-privilege",
        "Redis may gain new privileges",
        "may gain new privileges",
        artifacts=compose("redis", without("security_opt")),
        on=DOCKER,
    ),
    Saboteur(
        "SP305-limits-in-force",
        "the rendered file forgets the worker's limits",
        "worker: memory is not limited at all",
        artifacts=compose("worker", without("deploy")),
        on=DOCKER,
    ),
    Saboteur(
        "SP306-ports",
        "Redis is published on every address of the host",
        "a store can be reached from outside",
        artifacts=compose("redis", _published),
        on=DOCKER,
    ),
    Saboteur(
        "SP306-ports",
        "Redis listens on every address of the host",
        "a store can be reached from outside",
        stack=service("redis", _listens_everywhere),
        on=PROCESS,
    ),
    Saboteur(
        "SP307-task-round-trip",
        "the first task forgets to start the second one, so that no result is ever stored",
        "the task is still processing",
        tree=source(_TASKS, "    if then is not None:\n", "    if False:\n"),
        stack=bounded(task_seconds=8.0),
    ),
    Saboteur(
        "SP308-queues-consumed",
        "the worker consumes one queue less",
        "nobody drains the queue",
        stack=service("worker", _one_queue_less),
        slow=True,
    ),
    Saboteur(
        "SP308-queues-consumed",
        "a route names a task that does not exist",
        "the route tubeatlas.tasks.index_videos matches no registered task",
        tree=source(_CELERY, "    task_routes={\n", f"    task_routes={{\n{_DEAD_ROUTE}"),
    ),
    Saboteur(
        "SP309-logs-to-stdout",
        "the API has no access log",
        "api: the request for a marked path left no line in the log",
        stack=service("api", lambda one: replace(one, command=(*one.command, "--no-access-log"))),
        slow=True,
    ),
    Saboteur(
        "SP309-logs-to-stdout",
        "the application writes its log into a file as well",
        "tubeatlas.log",
        tree=appended(_LOGS, _LOG_FILE),
    ),
)

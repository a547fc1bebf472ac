"""What breaks the promises about how parts wait for each other, are stopped and are asked for their health."""

from dataclasses import replace

from stackproof.model.artifacts import Artifact
from tests.saboteurs import Saboteur
from tests.saboteurs.edits import DOCKER, Edit, compose, without
from tests.saboteurs.images import rendered

_FOLLOWING = "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health', timeout=2)"
_SOON = {"interval": "1s", "timeout": "3s", "retries": 1, "start_period": "3s"}


def _killed_after(seconds: int) -> Edit:
    return lambda said: {**said, "stop_grace_period": f"{seconds}s"}


def _asked(*words: str, **times: object) -> Edit:
    """Another command as the health check."""
    return lambda said: {**said, "healthcheck": {**_part(said, "healthcheck"), **times, "test": ["CMD", *words]}}


def _waits_too(name: str) -> Edit:
    return lambda said: {
        **said, "depends_on": {**_part(said, "depends_on"), name: {"condition": "service_healthy"}}
    }  # fmt: skip


def _part(said: dict[str, object], key: str) -> dict[str, object]:
    found = said[key]
    assert isinstance(found, dict)
    return found


def _moved(artifacts: tuple[Artifact, ...]) -> tuple[Artifact, ...]:
    return tuple(
        replace(each, path="deploy/.dockerignore") if each.path == ".dockerignore" else each for each in artifacts
    )


def _renamed(said: dict[str, object]) -> dict[str, object]:
    environment = dict(_part(said, "environment"))
    return {**said, "environment": {**environment, "REDIS_URI": environment.pop("REDIS_URL")}}


def _on_one_port(said: dict[str, object]) -> dict[str, object]:
    return {**said, "ports": [{"host_ip": "127.0.0.1", "published": "8443", "target": 8443}]}


def _secrets_of_stage(text: str) -> str:
    return text.replace("file: ./secrets/prod/", "file: ./secrets/stage/")


CHECKS: tuple[Saboteur, ...] = (
    Saboteur(
        "SP103-variables-agree",
        "the rendered file sets a variable under a name that the code does not know",
        "REDIS_URI in deploy/compose.dev.yaml (services.worker) is read by no code",
        artifacts=compose("worker", _renamed),
    ),
    Saboteur(
        "SP104-environments-apart",
        "the proxies of all environments take the same port of the host",
        "share the port of the host 127.0.0.1:8443",
        artifacts=compose("proxy", _on_one_port),
    ),
    Saboteur(
        "SP104-environments-apart",
        "production has the passwords of stage",
        "stage and prod share the secret file ./secrets/stage/redis-acl",
        artifacts=rendered("deploy/compose.prod.yaml", _secrets_of_stage),
    ),
    Saboteur(
        "SP106-files-valid",
        "a condition is misspelt",
        "compose.prod.yaml is refused",
        artifacts=rendered("deploy/compose.prod.yaml", lambda text: text.replace("service_healthy", "service_heathy")),
        on=DOCKER,
    ),
    Saboteur(
        "SP107-grace-in-order",
        "the API is killed before its server has given up on open requests",
        "api in prod is killed after 5 s, and uvicorn's graceful shutdown may take 10 s",
        artifacts=compose("api", _killed_after(5)),
    ),
    Saboteur(
        "SP107-grace-in-order",
        "the worker is killed in the middle of its soft shutdown",
        "worker in prod is killed after 4 s, and Celery's soft shutdown may take 5 s",
        artifacts=compose("worker", _killed_after(4)),
    ),
    Saboteur(
        "SP107-grace-in-order",
        "the proxy is killed while the API still answers what it has passed on",
        "proxy in prod is killed after 8 s, and api behind it may take 10 s",
        artifacts=compose("proxy", _killed_after(8)),
    ),
    Saboteur(
        "SP108-gates-on-health",
        "everybody waits for Redis to be healthy, and it has no health check",
        "waits for redis to be healthy, and redis has no health check",
        artifacts=compose("redis", without("healthcheck")),
    ),
    Saboteur(
        "SP108-gates-on-health",
        "a merged override keeps a dependency that the plan does not have any more",
        "api in prod waits for worker, and nothing in the plan does",
        artifacts=compose("api", _waits_too("worker")),
    ),
    Saboteur(
        "SP108-gates-on-health",
        "the proxy waits for a service that only runs with a profile",
        "proxy in prod waits for flower, which only runs with a profile",
        artifacts=compose("proxy", _waits_too("flower")),
    ),
    Saboteur(
        "SP110-ignore-files-read",
        "the ignore file lies in a folder where no builder looks",
        "deploy/.dockerignore is read by no build",
        artifacts=_moved,
    ),
    Saboteur(
        "SP110-ignore-files-read",
        "the builder is given a folder that has no ignore file",
        "everything in src is sent to the builder",
        artifacts=rendered(
            "deploy/compose.prod.yaml",
            lambda text: text.replace("context: ..\n      dockerfile: D", "context: ../src\n      dockerfile: ../D"),
        ),
    ),
    Saboteur(
        "SP331-health-can-fail",
        "the probe of Redis takes NOAUTH for an answer",
        "the health check of redis cannot fail: it passes where it is answered NOAUTH",
        artifacts=compose("redis", _asked("redis-cli", "-h", "127.0.0.1", "-p", "6379", "ping")),
        on=DOCKER,
    ),
    Saboteur(
        "SP331-health-can-fail",
        "the probe of the API follows redirects",
        "the health check of api cannot fail: it passes where it is answered by a redirect",
        artifacts=compose("api", _asked("python", "-c", _FOLLOWING)),
        on=DOCKER,
    ),
    Saboteur(
        "SP331-health-can-fail",
        "the worker's health check looks at a file that nobody touches",
        "the health check of worker does not ask the file stackproof-heartbeat",
        artifacts=compose("worker", _asked("python", "-c", "import os; os.stat('/opt/stackproof')")),
        on=DOCKER,
    ),
    Saboteur(
        "SP331-health-can-fail",
        "the health check of beat asks whether its process lives, which it does while it hangs",
        "the health check of beat does not ask the file stackproof-heartbeat",
        artifacts=compose("beat", _asked("python", "-c", "import os; os.kill(1, 0)")),
        on=DOCKER,
        example="personal-assistant",
    ),
    Saboteur(
        "SP301-healthy-in-time",
        "the tool of a health check is not in the image",
        '"curl": executable file not found',
        artifacts=compose("api", _asked("curl", "-fsS", "http://127.0.0.1:8000/health", **_SOON)),
        on=DOCKER,
    ),
    Saboteur(
        "SP301-healthy-in-time",
        "a health check asks localhost where that is ::1 first, and nobody listens there",
        "its health check said: wget: can't connect to remote host",
        artifacts=compose(
            "proxy", _asked("wget", "-q", "-T", "2", "-O", "/dev/null", "http://[::1]:8081/healthy", **_SOON)
        ),
        on=DOCKER,
    ),
)

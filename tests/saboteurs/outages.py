"""What breaks the promises about services that are killed, hang, are cut off or come up late, one at a time."""

from collections.abc import Callable
from dataclasses import replace

from stackproof.model.stack import Health, Service, Stack
from tests.saboteurs import Saboteur
from tests.saboteurs.edits import DOCKER, PROCESS, appended, compose, service

_MAIN = "src/tubeatlas/main.py"
_ENDS = "\nimport os\nimport signal\n\nsignal.signal(signal.SIGCONT, lambda *_: os._exit(1))\n"
_REACHED = 'import socket; socket.create_connection(("@{redis.host}", @{redis.port}), 1).close()'
_UNTIL_LOST = f"import time\nwhile True:\n    {_REACHED}\n    time.sleep(0.5)\n"
_UNTIL_NAMELESS = """import socket, time
while True:
    socket.getaddrinfo("@{redis.host}", 1)
    time.sleep(0.5)
"""
_UNTIL_SLOW = f"""import time
while True:
    begun = time.monotonic()
    for _ in range(100):
        {_REACHED}
        assert time.monotonic() - begun < 3
    time.sleep(0.5)
"""
_UNTIL_REFUSED = """import time
while True:
    open("@{volume.data}/alive", "w").close()
    time.sleep(0.5)
"""
_FOR_A_WHILE = f"""import sys, time
for _ in range(10):
    try:
        {_REACHED}
        sys.exit(0)
    except OSError:
        time.sleep(0.5)
sys.exit(1)
"""


def _unrestarted(change: Callable[[Service], Service] = lambda one: one) -> Callable[[Stack], Stack]:
    return service("api", lambda one: replace(change(one), restart="no"))


def _ends_with_its_store(one: Service) -> Service:
    return replace(one, command=("sh", "-c", f"{' '.join(one.command)} & python -c '{_UNTIL_LOST}'; kill $!"))


def _ends_without_names(one: Service) -> Service:
    return replace(one, command=("sh", "-c", f"{' '.join(one.command)} & python -c '{_UNTIL_NAMELESS}'; kill $!"))


def _ends_with_a_slow_store(one: Service) -> Service:
    return replace(one, command=("sh", "-c", f"{' '.join(one.command)} & python -c '{_UNTIL_SLOW}'; kill $!"))


def _outlived_by_a_shell(one: Service) -> Service:
    return replace(one, command=("sh", "-c", f"{' '.join(one.command)}; sleep 600"))


def _ends_when_nothing_is_written(one: Service) -> Service:
    return replace(one, command=("sh", "-c", f"{' '.join(one.command)} & python -c '{_UNTIL_REFUSED}'; kill $!"))


def _under_one_name(said: dict[str, object]) -> dict[str, object]:
    deploy = said["deploy"]
    assert isinstance(deploy, dict)
    return {**said, "container_name": "stackproof-the-worker", "deploy": {**deploy, "replicas": 1}}


def _gives_up(one: Service) -> Service:
    words = f"python -c '{_FOR_A_WHILE}' && exec {' '.join(one.command)}"
    return replace(one, command=("sh", "-c", words), needs=())


def _blind(one: Service) -> Service:
    return replace(one, health=Health("heartbeat", "@{volume.data}", max_age=1e6))


OUTAGES: tuple[Saboteur, ...] = (
    Saboteur(
        "SP332-writes-refused",
        "the API ends as soon as it cannot write to its volume, and has no restart policy",
        "could write nothing to its volume, and it was not over by itself afterwards: api has ended",
        stack=_unrestarted(_ends_when_nothing_is_written),
        on=DOCKER,
    ),
    Saboteur(
        "SP407-service-killed",
        "the API has no restart policy",
        "api was killed, and it was not over by itself afterwards: api has ended",
        stack=_unrestarted(),
    ),
    Saboteur(
        "SP408-service-hung",
        "the API ends when it goes on, and has no restart policy",
        "api hung, and it was not over by itself afterwards: api has ended",
        tree=appended(_MAIN, _ENDS),
        stack=_unrestarted(),
    ),
    Saboteur(
        "SP408-service-hung",
        "the health check of the API looks at a folder that is always there",
        "api hung, and its health stayed green",
        stack=service("api", _blind),
        on=PROCESS,
        slow=True,
    ),
    Saboteur(
        "SP409-network-cut",
        "the API ends as soon as it cannot reach its store, and has no restart policy",
        "and it was not over by itself afterwards: api has ended",
        stack=_unrestarted(_ends_with_its_store),
        on=DOCKER,
    ),
    Saboteur(
        "SP410-store-late",
        "the API gives up after 5 s without its store, and has no restart policy",
        "redis came up late, and it was not over by itself afterwards: api has ended",
        stack=_unrestarted(_gives_up),
        on=PROCESS,
    ),
    Saboteur(
        "SP411-worker-process-hung",
        "gunicorn has no timeout",
        "api had a worker process that hung, and nothing replaced it",
        stack=service("api", lambda one: replace(one, command=(*one.command, "--timeout", "0"))),
        example="transcript-analyzer",
    ),
    Saboteur(
        "SP412-memory-used-up",
        "the API has no restart policy",
        "api ran out of memory, and it was not over by itself afterwards: api has ended",
        stack=_unrestarted(),
        on=DOCKER,
    ),
    Saboteur(
        "SP412-memory-used-up",
        "the API is the child of a shell that waits when it was killed, so that nothing starts it again",
        "api ran out of memory, and it was not over by itself afterwards: api is unhealthy",
        stack=service("api", _outlived_by_a_shell),
        on=DOCKER,
        slow=True,
    ),
    Saboteur(
        "SP413-names-lost",
        "the API ends as soon as it cannot look up its store, and has no restart policy",
        "api found nobody by name, and it was not over by itself afterwards: api has ended",
        stack=_unrestarted(_ends_without_names),
        on=DOCKER,
    ),
    Saboteur(
        "SP414-store-slow",
        "the API ends when its store needs 3 s for a hundred connections, and has no restart policy",
        "redis was on a slow line, and it was not over by itself afterwards: api has ended",
        stack=_unrestarted(_ends_with_a_slow_store),
        on=DOCKER,
    ),
    Saboteur(
        "SP419-workers-scale",
        "the worker's container has a name of its own, so that there can be one alone",
        "worker in 2 cannot be",
        stack=service("worker", lambda one: replace(one, replicas=2)),
        artifacts=compose("worker", _under_one_name),
        on=DOCKER,
    ),
)

"""A running stack whose time is ours to turn: a web service, a worker and a store, healthy unless told otherwise."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from math import inf
from pathlib import Path

from stackproof.errors import ToolFailed, Unmeasurable
from stackproof.model.artifacts import Artifact, Built
from stackproof.model.facts import Project
from stackproof.model.running import (
    Attempt,
    Completed,
    Event,
    HealthState,
    LimitsFound,
    ProcessFacts,
    ServiceState,
    Stopped,
    Workshop,
)
from stackproof.model.source import SourceTree
from stackproof.model.stack import (
    Assignment,
    Build,
    CeleryPlan,
    EnvironmentName,
    Health,
    Install,
    Limits,
    Mount,
    Need,
    Publish,
    Service,
    Stack,
    TaskRequest,
)
from stackproof.prove.inside.half_request import BEGUN
from stackproof.tools.http import Answer

MIB = 1024 * 1024
QUEUES = ("transcripts", "videos")
TASK = TaskRequest(
    service="api",
    method="POST",
    path="/tasks",
    body='{"title": "t", "text": "some words. "}',
    id_field="id",
    result_path="/tasks/{id}",
    state_field="state",
    done_state="done",
    busy_state="processing",
    count_field="completions",
    slow_field="text",
    slow_repeat=50,
)
_ENVIRONMENT = (
    Assignment("REDIS_URL", "redis://@{redis.host}:@{redis.port}/0", settable=False),
    Assignment("DATABASE_URL", "sqlite:///@{volume.data}/app.db", settable=False),
)
API = Service(
    name="api",
    role="web",
    image="shop:prod",
    built=True,
    command=("uvicorn", "shop:app", "--host", "@{self.bind}"),
    environment=_ENVIRONMENT,
    port=8000,
    publish=Publish("127.0.0.1", 8200),
    health=Health("http", "/health", 8000, interval=5.0),
    needs=(Need("redis"),),
    mounts=(Mount("/app/data", volume="data"),),
    grace=15.0,
)
WORKER = replace(
    API,
    name="worker",
    role="worker",
    command=("celery", "-A", "shop", "worker"),
    port=None,
    publish=None,
    health=Health("heartbeat", "@{tmp}/beat", max_age=10.0, interval=5.0),
    queues=QUEUES,
)
REDIS = Service(
    name="redis",
    role="store",
    image="redis:7-alpine",
    built=False,
    command=("redis-server",),
    port=6379,
    health=Health("redis", "", 6379, interval=5.0),
    limits=Limits(256, 0.5, 64),
)
STACK = Stack(
    project="shop",
    environment="prod",
    services=(REDIS, API, WORKER),
    volumes=(),
    networks=(),
    build=Build("3.11", "", "python:3.11", "0", Install("pip", "r.txt", None, None, ()), (), ("",), "runtime"),
    celery=CeleryPlan("shop", "app", (("transcripts", "shop.a"), ("videos", "shop.b")), True, 10.0, 20.0),
    task=TASK,
    sqlite=("@{volume.data}/app.db",),
)


@dataclass
class FakeTask:
    begins: float
    takes: float
    counts: int = 1

    def state(self, now: float) -> str:
        if now < self.begins:
            return "queued"
        return "processing" if now < self.begins + self.takes else "done"


@dataclass
class FakeRunning:
    """Fulfils `Running`. What a field says is what is wrong with the stack; as it stands it is healthy."""

    stack: Stack = STACK
    left_out: Mapping[str, str] = field(default_factory=dict)
    clock: float = 0.0
    happened: tuple[Event, ...] = (
        Event(0.1, "redis", "started"),
        Event(0.9, "redis", "healthy"),
        Event(1.0, "api", "started"),
        Event(1.1, "worker", "started"),
        Event(2.0, "api", "healthy"),
        Event(3.5, "worker", "healthy"),
    )
    absent: frozenset[str] = frozenset()
    stays_green: frozenset[str] = frozenset()
    stays_red: frozenset[str] = frozenset()
    loses: bool = False  # a task whose worker ends is never done
    doubles: bool = False  # ... or is done twice
    restarts_killed: bool = True
    numb: frozenset[str] = frozenset()  # services whose health does not see that they are away
    silent: bool = False  # the entrance, after a fault
    never_back: frozenset[str] = frozenset()  # after a fault
    replaces_in: float = 30.0  # seconds, a child that hangs
    refuses: bool = False  # every connection
    eats_term: frozenset[str] = frozenset()
    slow: float = 6.0
    quick: float = 0.2
    down_status: int = 503
    redirects: bool = False
    catch_all: bool = False
    quiet: frozenset[str] = frozenset()  # services without access to their log
    log_file: bool = False
    unconsumed: str = ""
    uid: int = 10001
    limited: LimitsFound | None = None
    tried: tuple[Attempt, ...] = (
        Attempt("api", 8000, "host 127.0.0.1:8200", opened=True, intended=True),
        Attempt("redis", 6379, "host", opened=False, intended=False),
    )
    leaks: frozenset[tuple[str, str]] = frozenset()  # who reaches whom although they are apart
    walls: frozenset[tuple[str, str]] = frozenset()  # ... and does not, although they are together
    firewall: bool = False  # between the stack and the server outside
    taken: dict[str, tuple[str, ...]] = field(default_factory=dict)  # of the engine
    stays: dict[str, tuple[str, ...]] = field(default_factory=dict)  # of that once it is down
    breaks: str = ""  # the method that fails as a tool does
    gone: dict[str, float] = field(default_factory=dict)  # since when
    back: dict[str, float] = field(default_factory=dict)
    tasks: list[FakeTask] = field(default_factory=list)
    written: dict[str, str] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)  # of a service, as the runtime shows it
    restarts: int = 0
    rounds: int = 0  # how often all of it was taken down and brought up
    free_at: float = 0.0

    def states(self) -> tuple[ServiceState, ...]:
        return tuple(
            ServiceState(
                service.name,
                "exited" if service.name in self.gone and service.name not in self.numb else "running",
                self._health(service.name),
                restarts=self.restarts if service.name == "worker" else 0,
            )
            for service in self.stack.services
            if service.name not in self.absent
        )

    def events(self) -> tuple[Event, ...]:
        return self.happened

    def wait_for(self, service: str, health: HealthState, within: float) -> float | None:
        begun = self.clock
        while self._health(service) != health:
            if self.clock - begun >= within:
                return None
            self.pause(0.25)
        return self.clock - begun

    def address(self, service: str) -> str:
        return f"http://{service}"

    def run(self, service: str, argv: tuple[str, ...], timeout: float = 20.0, replica: int = 1) -> Completed:
        assert timeout > 0
        script = argv[-1]
        if self.breaks == "run":
            return Completed(argv, 1, 0.1, "", "ImportError: shop")
        if "celery" in script:
            return Completed(argv, 0, 0.1, json.dumps(self._queues(service)))
        if "log" in script.splitlines()[0]:
            return Completed(argv, 0, 0.1, json.dumps({"files": self._files(), "roots": ["/tmp"]}))
        return Completed(argv, 0, 0.1, json.dumps({"files": {}, "roots": []}))

    def beside(
        self,
        service: str,
        port: int,
        script: str,
        timeout: float = 20.0,
        replica: int = 1,
        line: Callable[[str], None] | None = None,
    ) -> Completed:
        """What the scripts of `inside` would say of this service; their arguments stand in their last line."""
        assert port
        assert timeout
        given = json.loads(json.loads(script.strip().splitlines()[-1].split("json.loads(")[1].split(")))")[0]))
        found = self._half(given, line) if line else {"answers": [self._answer(path) for path in given[0]]}
        return Completed(("python",), 0, 0.1, json.dumps(found))

    def _answer(self, path: str) -> dict[str, object]:
        got = self.ask("GET", f"http://api{path}")
        said = got.body.decode()
        where = got.headers.get("Location", "")
        return {"status": got.status, "location": where, "body": said, "said": said, "problem": ""}

    def _half(self, given: list[str], line: Callable[[str], None]) -> dict[str, object]:
        """Half a request; it is lost where the service is killed."""
        if self.refuses:
            return {"begun": False, "stopped": False, "status": 0, "said": "ConnectionRefusedError"}
        line(BEGUN)
        if "api" in self.eats_term:
            return {"begun": True, "stopped": False, "status": 0, "said": "RemoteDisconnected"}
        answer = self.ask(given[0], f"http://api{given[1]}", body=given[3].encode())
        return {"begun": True, "stopped": True, "status": answer.status, "said": answer.body.decode()}

    def processes(self, service: str, replica: int = 1) -> tuple[ProcessFacts, ...]:
        return (ProcessFacts(7, f"{service} --serve", self.uid, self.uid, 0, True, True),)

    def limits(self, service: str, replica: int = 1) -> LimitsFound:
        stated = self.stack.service(service).limits
        return self.limited or LimitsFound(stated.memory_mb * MIB, stated.cpus, stated.pids, ("/sys/fs/cgroup",))

    def attempts(self) -> tuple[Attempt, ...]:
        return self.tried

    def addresses(self, service: str, replica: int = 1) -> tuple[str, ...]:
        names = [each.name for each in self.stack.services]
        return (f"10.0.{replica}.{names.index(service)}",)

    def reaches(self, service: str, targets: tuple[tuple[str, int], ...], replica: int = 1) -> tuple[bool, ...]:
        """Whoever shares a network, and the server outside for those that are on one with a way out."""
        assert replica
        names = {self.addresses(each.name)[0]: each.name for each in self.stack.services}
        return tuple(self._reaches(service, names.get(address, "outside")) for address, _ in targets)

    def _reaches(self, service: str, to: str) -> bool:
        if (service, to) in self.leaks:
            return True
        mine = set(self.stack.service(service).networks)
        if to == "outside":
            return not self.firewall and any(not each.internal for each in self.stack.networks if each.name in mine)
        return (service, to) not in self.walls and bool(mine & set(self.stack.service(to).networks))

    def outside(self) -> AbstractContextManager[tuple[str, int]]:
        return nullcontext(("10.9.9.9", 9))

    def takes(self) -> Mapping[str, tuple[str, ...]]:
        return self.taken

    def shown(self, service: str, replica: int = 1) -> str:
        return json.dumps({"service": service, "environment": self.environment.get(service, "")})

    def logs(self, service: str, replica: int = 1) -> str:
        return "" if service in self.quiet else "started\n" + self.written.get(service, "")

    def kill(self, service: str, replica: int = 1) -> None:
        self._interrupt()
        if self.restarts_killed:
            self.restarts += 1
        else:
            self.gone[service] = self.clock

    def stop(self, service: str, replica: int = 1) -> Stopped:
        if self.breaks == "stop":
            raise ToolFailed("the engine is gone", fix="Start it.")
        if self.stack.service(service).role == "worker":
            self._interrupt()
        self.gone[service] = self.clock
        self.back.pop(service, None)
        if service in self.eats_term:
            return Stopped(15.0, 137, killed=True)
        return Stopped(0.5, 0, killed=False)

    def start(self, service: str, replica: int = 1) -> None:
        self.gone.pop(service, None)
        self.back[service] = self.clock

    def replace(self, service: str) -> None:
        raise NotImplementedError

    def without_file(self, path: str) -> AbstractContextManager[None]:
        return self._away(path)

    def frozen(self, service: str) -> AbstractContextManager[None]:
        return self._away(service)

    def cut(self, service: str) -> AbstractContextManager[None]:
        return self._away(service)

    def unresolved(self, service: str) -> AbstractContextManager[None]:
        return self._away(service)

    def slowed(self, service: str) -> AbstractContextManager[None]:
        return self._away(service)

    def unwritable(self, service: str) -> AbstractContextManager[None]:
        return self._away(service)

    def scaled(self, service: str) -> AbstractContextManager[Callable[[int], str]]:
        raise NotImplementedError

    def exhaust(self, service: str, replica: int = 1) -> None:
        self.kill(service, replica)

    @contextmanager
    def frozen_child(self, service: str) -> Iterator[Callable[[], bool]]:
        until = self.clock + self.replaces_in
        yield lambda: self.clock < until

    @contextmanager
    def _away(self, what: str) -> Iterator[None]:
        self.gone[what] = self.clock
        for task in self.tasks if self.loses and what == "worker" else ():
            task.begins = inf if task.state(self.clock) != "done" else task.begins
        try:
            yield
        finally:
            if what not in self.never_back:
                self.start(what)

    def now(self) -> float:
        return self.clock

    def pause(self, seconds: float) -> None:
        self.clock += seconds

    def restarted(self) -> None:
        """Taken down and brought up."""
        self.gone.clear()
        self.rounds += 1

    def ask(
        self, method: str, url: str, *, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """What the application answers; a fake `tools.http.request`."""
        assert headers is None or "Content-Type" in headers
        self.written["api"] = self.written.get("api", "") + f"{method} {url}\n"
        path = url.removeprefix("http://api")
        if method == "POST":
            return self._accept(body or b"")
        if path.startswith("/tasks/"):
            task = self.tasks[int(path.removeprefix("/tasks/"))]
            state = task.state(self.clock)
            return _answer(200, {"state": state, "completions": task.counts if state == "done" else 0})
        return self._plain(path)

    def _plain(self, path: str) -> Answer:
        if path == "/health" and self.redirects:
            return Answer(307, {"Location": "/health/"}, b"", 0.1)
        if path != "/health":
            return _answer(200, {"status": "ok"}) if self.catch_all else _answer(404, {})
        if self.silent and self.back:
            return _answer(502, {})
        lost = [name for name in self.gone if name != "worker"]
        return _answer(self.down_status, {"failing": lost[0]}) if lost else _answer(200, {"status": "ok"})

    def _accept(self, body: bytes) -> Answer:
        takes = self.slow * (len(body) // 600) if len(body) > 100 else self.quick  # 600: the long body
        begins = max(self.clock + 0.1, self.free_at)
        self.free_at = begins + takes
        self.tasks.append(FakeTask(begins, takes))
        number = str(len(self.tasks) - 1)
        self.written["worker"] = self.written.get("worker", "") + f"task {number} received\n"
        return _answer(202, {"id": number})

    def _interrupt(self) -> None:
        """What runs goes back to its queue, where it stays hidden for a while."""
        for task in self.tasks:
            if task.state(self.clock) == "processing":
                task.begins = inf if self.loses else self.clock + 20.0
                task.counts = 2 if self.doubles else 1

    def _health(self, name: str) -> HealthState:
        if (name in self.gone and name not in self.numb) or name in self.stays_red:
            return "unhealthy"
        concerned = {"api": ("redis", "@{volume.data}/app.db"), "worker": ("redis",)}.get(name, ())
        for other in concerned if name not in self.stays_green else ():
            if self.clock - self.gone.get(other, inf) >= 6.0:
                return "unhealthy"
            if other in self.back and self.clock - self.back[other] < 3.0:
                return "unhealthy"
        return "healthy"

    def _queues(self, service: str) -> dict[str, object]:
        rows = [
            {
                "queue": queue,
                "task": f"shop.{queue}",
                "id": f"probe-{queue}",
                "before": 0,
                "after": int(queue == self.unconsumed),
                "seconds": None if queue == self.unconsumed else 0.02,
                "removed": True,
                "result": "REVOKED",
            }
            for queue in QUEUES
        ]
        taken = [f"{row['id']} received\n" for row in rows if row["seconds"] is not None]
        self.written[service] = self.written.get(service, "") + "".join(taken)
        return {"tasks": {f"shop.{queue}": queue for queue in QUEUES}, "dead_routes": [], "queues": rows}

    def _files(self) -> dict[str, int]:
        return {"/tmp/app.log": len(self.written.get("api", ""))} if self.log_file else {}


def _answer(status: int, fields: dict[str, object]) -> Answer:
    return Answer(status, {}, json.dumps(fields).encode(), 0.01)


@dataclass
class FakeBench:
    """Fulfils `Bench` as far as the claims about a running stack look at it."""

    up: FakeRunning
    secrets: dict[str, str] = field(default_factory=dict)
    beside: dict[EnvironmentName, FakeRunning | Exception] = field(default_factory=dict)
    folder: Path = Path("/nowhere")
    shop: Workshop | None = None
    tree: SourceTree = field(default_factory=lambda: SourceTree({}))
    project: Project = field(default_factory=lambda: Project("shop", ()))
    artifacts: tuple[Artifact, ...] = ()

    @property
    def stack(self) -> Stack:
        return self.up.stack

    @stack.setter
    def stack(self, stack: Stack) -> None:
        self.up.stack = stack

    def running(self) -> FakeRunning:
        return self.up

    def again(self) -> FakeRunning:
        self.up.restarted()
        return self.up

    def secret(self, name: str, environment: EnvironmentName | None = None) -> str:
        return self.secrets[f"{environment}/{name}" if environment else name]

    def root(self) -> Path:
        return self.folder

    def others(self) -> tuple[EnvironmentName, ...]:
        return tuple(self.beside)

    @contextmanager
    def other(self, environment: EnvironmentName) -> Iterator[FakeRunning]:
        found = self.beside[environment]
        if isinstance(found, Exception):
            raise found
        yield found
        found.taken = found.stays

    def context(self) -> AbstractContextManager[Path]:
        raise NotImplementedError

    def clone(self) -> AbstractContextManager[Path]:
        raise NotImplementedError

    @property
    def workshop(self) -> Workshop:
        if self.shop is None:
            raise Unmeasurable("there is no container engine", fix="Start one.")
        return self.shop

    def image(self, name: str = "") -> Built:
        raise NotImplementedError

    def advisories(self) -> Path | None:
        raise NotImplementedError

    def install(self, context: Path) -> Completed:
        raise NotImplementedError

    def tool(self, argv: tuple[str, ...], cwd: Path, timeout: float = 120.0) -> Completed:
        raise NotImplementedError

"""A running stack behind a proxy: a front end, an API, a worker, each twice; what a field says is what is wrong."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from stackproof.model.facts import Project, WebSocket
from stackproof.model.parts import Proxy, Route
from stackproof.model.proof import Json
from stackproof.model.running import Completed, HealthState, ServiceState, Stopped
from stackproof.model.source import Place
from stackproof.model.stack import Health, Publish, Service, Stack
from stackproof.prove.entrance import HEADERS
from stackproof.prove.handshake import Opened
from stackproof.prove.meanwhile import Asked, Meanwhile
from stackproof.tools.http import Answer
from tests.prove.fake_running import API, REDIS, STACK, WORKER, FakeRunning

ROUTES = (
    Route("/", "frontend"),
    Route("/api/", "api"),
    Route("/socket.io/", "api", websocket=True, sticky=True),
    Route("/_next/static/", "frontend", cached=True),
)
NGINX = Service(
    name="proxy",
    role="proxy",
    software="nginx",
    image="nginx:1.30",
    built=False,
    command=("nginx",),
    port=8443,
    publish=Publish("127.0.0.1", 8643, 8443, "https"),
    more=(Publish("127.0.0.1", 8280, 8080),),
    health=Health("http", "/healthy", 8081),
)
FRONT = replace(
    API, name="frontend", role="front", software="node", port=3000, publish=None, environment=(), replicas=2
)
BEHIND: Stack = replace(
    STACK,
    services=(REDIS, replace(API, publish=None, replicas=2), replace(WORKER, replicas=2), FRONT, NGINX),
    proxy=Proxy("proxy", ROUTES, "_", 8643, "/health", "api"),
)
PROJECT = Project("shop", (WebSocket("socketio", "/socket.io/", Place("app.py", 1)),))
PAGE = b'<script src="/_next/static/chunks/a1.js" async></script>'
SECURED = {"version": "TLSv1.3", "certificate": "", "problem": ""}
REFUSED = {"version": "", "certificate": "", "problem": "SSLError: alert protocol version"}


@dataclass
class FakeProxied(FakeRunning):
    stack: Stack = BEHIND
    location: str = "https://127.0.0.1:8643/stackproof/asks?for=more"
    redirect: int = 308
    mounted: str = ""  # the certificate in its file
    leads: Mapping[str, str] = field(default_factory=dict)  # a route's prefix to another service, "" to the proxy
    logs_nothing: bool = False
    unhealthy: int = 200  # status of the health route
    stores: bool = True
    page: bytes = PAGE
    other_bytes: bool = False
    bare: str = ""  # the path whose answer lacks the headers
    twice: str = ""
    mute: str = ""
    pinned: bool = False  # it never finds a new address
    old_address: bool = False
    opens_at: float = 0.0  # until then it knows no address of anybody
    drops: bool = False  # it hands on what a dead replica did
    seen: dict[str, int] = field(default_factory=dict)
    log: str = "no JSON\n"
    age: dict[str, int] = field(default_factory=dict)  # how often a service was replaced
    killed: list[tuple[str, int]] = field(default_factory=list)

    def states(self) -> tuple[ServiceState, ...]:
        return tuple(
            replace(state, replica=replica)
            for state in super().states()
            for replica in range(1, self.stack.service(state.name).replicas + 1)
        )

    def address(self, service: str) -> str:
        return "https://127.0.0.1:8643" if service == "proxy" else super().address(service)

    def addresses(self, service: str, replica: int = 1) -> tuple[str, ...]:
        number = [one.name for one in self.stack.services].index(service)
        age = 0 if self.old_address else self.age.get(service, 0)
        return (f"10.0.{number}.{10 * age + replica}",)

    def replace(self, service: str) -> None:
        self.age[service] = self.age.get(service, 0) + 1
        self.back[service] = self.clock

    def run(self, service: str, argv: tuple[str, ...], timeout: float = 20.0, replica: int = 1) -> Completed:
        assert (service, argv, replica) == ("proxy", ("cat", "/run/secrets/tls-certificate"), 1)
        assert timeout > 0
        return Completed(argv, 0, 0.1, self.mounted)

    def kill(self, service: str, replica: int = 1) -> None:
        self.killed.append((service, replica))
        super().kill(service, replica)

    def stop(self, service: str, replica: int = 1) -> Stopped:
        assert replica <= self.stack.service(service).replicas
        return super().stop(service, replica)

    def logs(self, service: str, replica: int = 1) -> str:
        assert (service, replica) == ("proxy", 1)
        return self.log + '{"uri": "/the-line-that-is-being-writ'

    def ask(
        self, method: str, url: str, *, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        if url.startswith("http://api"):
            return super().ask(method, url, body=body, headers=headers)
        path = "/" + url.split("/", 3)[3]
        if url.startswith("http://127.0.0.1:8280"):
            return Answer(self.redirect, {"location": self.location}, b"", 0.01)
        if path == self.mute:
            return Answer(0, {}, b"", 5.0, "TimeoutError: timed out")
        status, behind, more, said = self._answered(path, headers or {})
        name = f"id{len(self.log)}"
        self._write(path, behind, name)
        sent = [(header, name) for header in HEADERS if path != self.bare] * (2 if path == self.twice else 1)
        return Answer(status, {**dict(sent), **more}, said, 0.01, every=(*sent, *more.items()))

    def _answered(self, path: str, headers: Mapping[str, str]) -> tuple[int, str, dict[str, str], bytes]:
        """Status, service, further headers, and the body."""
        if "Host" in headers or "Content-Length" in headers:
            return (400 if "Host" in headers else 413), "", {}, b""
        route = max((one for one in ROUTES if path.startswith(one.prefix)), key=lambda one: len(one.prefix))
        service = "api" if path == "/health" else self.leads.get(route.prefix, route.service)
        if self.clock < self.opens_at or service in self.gone or (self.pinned and self.age.get(service)):
            return 502, service, {}, b"Bad Gateway"
        if route.cached:
            return self._cached(path, service)
        if path == "/health":
            return self.unhealthy, service, {}, b"ok"
        return (200, service, {}, self.page) if path == "/" else (404, service, {}, b"")

    def _cached(self, path: str, service: str) -> tuple[int, str, dict[str, str], bytes]:
        times = self.seen[path] = self.seen.get(path, 0) + 1
        hit = self.stores and times > 2  # the second request comes while the file is still being put in its place
        body = b"other" if hit and self.other_bytes else b"code"
        return 200, "" if hit else service, {"X-Cache": "HIT" if hit else "MISS"}, body

    def _write(self, path: str, service: str, name: str) -> None:
        behind = f"10.9.9.9:80, {self.addresses(service)[0]}:80" if service else ""
        line = {"uri": path, "request_id": name, "upstream": behind}
        self.log += "" if self.logs_nothing else f"{json.dumps(line)}\n"

    def _health(self, name: str) -> HealthState:
        return "healthy" if name not in self.stays_red else "unhealthy"


def greets(old: str = "", certificate: str = "") -> "Greeting":
    return Greeting(old, certificate)


@dataclass(frozen=True)
class Greeting:
    """`old`: the version that it takes from a client of yesterday."""

    old: str
    certificate: str

    def __call__(self, host: str, port: int, old: bool) -> dict[str, Json]:
        assert (host, port) == ("127.0.0.1", 8643)
        if old:
            return {**REFUSED, "version": self.old}
        return {**SECURED, "certificate": self.certificate}


def beside(up: FakeProxied) -> Meanwhile:
    """Three requests: before, during and after what happens."""

    @contextmanager
    def asking(ask: object) -> Iterator[Asked]:
        assert callable(ask)
        answers: Asked = [ask()]
        yield answers
        answers.append(Answer(502, {}, b"", 0.0) if up.drops else ask())

    return asking


def shakes(status: int = 101, *, right: bool = True, said: str = '0{"sid":"1"}', problem: str = "") -> "Shake":
    return Shake(Opened(status, right, said, problem))


@dataclass(frozen=True)
class Shake:
    opened: Opened

    def __call__(self, url: str, headers: Mapping[str, str], wait_for_words: bool) -> Opened:
        assert url == "https://127.0.0.1:8643/socket.io/?EIO=4&transport=websocket"
        assert not headers
        assert wait_for_words
        return self.opened

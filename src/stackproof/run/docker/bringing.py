"""From nothing to healthy: Compose starts, the engine's events tell, and what fails is taken back."""

import errno
import signal
import socket
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType
from typing import Literal

from stackproof.errors import NotHealthy, UserError
from stackproof.model.running import Note, Progress, Site
from stackproof.model.stack import Service, Stack
from stackproof.run import left_out
from stackproof.run.docker import clock, compose, leaving, project, removing, state, timeline
from stackproof.run.docker.running import DockerRunning
from stackproof.tools.docker.engine import Engine
from stackproof.tools.docker.watch import Happening, Watch

_CREATING = 120.0  # seconds for pulling and creating, beside what the services may take by their own health checks
_LINES = 15
_WORDS = {"create": "created", "start": "started", "destroy": "removed"}
State = Literal["begun", "going", "done", "failed"]


@dataclass
class _Attempt:
    """One `up` under way."""

    engine: Engine
    stack: Stack
    note: Note
    services: tuple[Service, ...]
    watch: Watch
    known: frozenset[str]  # containers that were there before
    told: int = 0
    left_out: Mapping[str, str] = field(default_factory=dict)

    @property
    def one_shot(self) -> frozenset[str]:
        needs = [need for service in self.services for need in service.needs]
        awaited = {need.service for need in needs if need.condition == "completed"}
        return frozenset(awaited | {service.name for service in self.services if service.one_shot})

    def tick(self) -> None:
        """Tell what happened since; raise NotHealthy at the first trouble, without waiting for Compose to see it."""
        seen = self.watch.seen()
        for happening in seen[self.told :]:
            self.note(self._step(happening))
        self.told = len(seen)
        again = frozenset(each.container for each in seen if each.service in self.one_shot)  # a job's container is kept
        if bad := timeline.trouble(seen, self.known - again, self.one_shot):
            what = "turned unhealthy" if bad.action == "unhealthy" else _ended(bad)
            raise self.not_healthy(bad.service, what, bad.container)

    def not_healthy(self, service: str, what: str, container: str = "") -> NotHealthy:
        found = project.of_service(self.engine, self.stack, service)
        lines = _last_lines(self.engine, next((each for each in found if each.id == container), found[0]))
        return NotHealthy(
            f"{service} of {self.stack.name} {what}\n{lines}",
            fix="Mend what its last lines say. It was taken down again; `stackproof up` starts over.",
            timed="healthy" in what,
        )

    def _step(self, happening: Happening) -> Progress:
        """What happened, in words; ended is what gets no further: healthy, completed, or running without a check."""
        unchecked = {service.name for service in self.services if service.health is None} - self.one_shot
        completed = happening.service in self.one_shot and happening.detail == "exit code 0"
        done = happening.action == "healthy" or (happening.action == "start" and happening.service in unchecked)
        bad = happening.action in ("die", "unhealthy") and not completed
        text = _WORDS.get(happening.action, happening.action)
        text = "completed" if completed and happening.action == "die" else text
        text = _ended(happening) if bad and happening.action == "die" else text
        done = done or text == "completed"
        begun = happening.action == "create"
        state: State = "failed" if bad else "done" if done else "begun" if begun else "going"
        return Progress("up", self._name(happening), text, state)

    def _name(self, happening: Happening) -> str:
        several = any(each.name == happening.service and each.replicas > 1 for each in self.services)
        return f"{happening.service} {happening.replica}" if several else happening.service


def up(engine: Engine, planned: Stack, site: Site, note: Note, profiles: frozenset[str]) -> DockerRunning:
    with _interrupted_once():
        return _up(engine, planned, site, note, profiles)


def _up(engine: Engine, planned: Stack, site: Site, note: Note, profiles: frozenset[str]) -> DockerRunning:
    reasons = leaving.reasons(engine, planned.active(profiles), note)
    stack = left_out.leave_out(planned, reasons, site, note)
    services = stack.active(profiles)
    before = project.containers(engine, stack)
    volumes = project.volumes(engine, stack)
    _must_have_images(engine, services)
    _must_have_ports(engine, stack, services, {each.service for each in before if each.running})
    begun = clock.now(engine)
    watch = Watch(engine, stack.name, begun)
    attempt = _Attempt(engine, stack, note, services, watch, frozenset(each.id for each in before), left_out=reasons)
    try:
        _start(attempt, site, profiles)
        _settle(attempt)
    except BaseException:
        watch.close()
        removing.undo(engine, stack, attempt.known, volumes)
        raise
    state.save_events(site, begun, watch.seen())
    return DockerRunning(engine, stack, site, watch, reasons)


def _start(attempt: _Attempt, site: Site, profiles: frozenset[str]) -> None:
    limit = _CREATING + sum(_patience(service) for service in attempt.services)
    named = tuple(service.name for service in attempt.services) if attempt.left_out else ()
    done = compose.up(attempt.engine, attempt.stack, site, profiles, named, timeout=limit, tick=attempt.tick)
    attempt.tick()
    if done.exit_code != 0:
        attempt.engine.ask("Bringing up the stack", lambda api: api.ping())  # Compose says no more than "EOF"
        raise compose.failure(done, attempt.stack)


def _settle(attempt: _Attempt) -> None:
    """Wait until every service is ready; each event of the engine is a reason to look again."""
    until = time.monotonic() + max((_patience(service) for service in attempt.services), default=0.0)
    while waiting := _not_ready(attempt):
        if (left := until - time.monotonic()) <= 0:
            raise attempt.not_healthy(waiting[0], "did not become healthy in the time its health check allows")
        attempt.watch.wait(attempt.told, min(left, 2.0))
        attempt.tick()
    attempt.tick()


def _not_ready(attempt: _Attempt) -> list[str]:
    """Services with fewer ready replicas than they should have."""
    ready: list[str] = []
    for each in project.states(attempt.engine, attempt.stack):
        if each.health == "unhealthy":
            raise attempt.not_healthy(each.name, "is unhealthy")
        job = each.name in attempt.one_shot
        if job and each.status == "exited" and each.exit_code != 0:
            raise attempt.not_healthy(each.name, f"exited (exit code {each.exit_code})")
        up = each.status == "running" and each.health in ("healthy", "none")
        if (each.status == "exited") if job else up:
            ready.append(each.name)
    return [each.name for each in attempt.services if ready.count(each.name) < each.replicas]


def _patience(service: Service) -> float:
    """Seconds after which the engine itself has called a service unhealthy."""
    health = service.health
    return health.start_period + (health.interval + health.timeout) * (health.retries + 1) if health else 10.0


def _must_have_images(engine: Engine, services: Sequence[Service]) -> None:
    """Images of others are left to Compose, which pulls them."""
    for tag in dict.fromkeys(service.image for service in services if service.built):
        if engine.ask_for("Looking for the image", lambda api, tag=tag: api.inspect_image(tag)) is None:  # type: ignore[misc]
            raise UserError(f"the image {tag} is not on this engine", fix="Build it first: stackproof build")


def _must_have_ports(engine: Engine, stack: Stack, services: Sequence[Service], running: set[str]) -> None:
    """Say early that a port is taken. On another machine's engine only Compose can find out."""
    if not engine.endpoint.local:
        return
    wanted = [each for service in services if service.name not in running for each in project.published(service)]
    for each in wanted:
        if _taken(each.address, each.port):
            raise compose.port_in_use(stack, each.port, each.address, _holder(engine, each.port))


def _taken(address: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # closed connections of before do not count
        try:
            probe.bind((address, port))
        except OSError as problem:
            return problem.errno == errno.EADDRINUSE
    return False


def _holder(engine: Engine, port: int) -> str:
    listed = engine.ask("Listing containers", lambda api: api.containers(filters={"publish": str(port)}))
    return f" by the container {str(listed[0]['Names'][0]).lstrip('/')}" if listed else ""


def _ended(happening: Happening) -> str:
    return f"exited ({happening.detail})"


def _last_lines(engine: Engine, found: project.Container) -> str:
    probes = (found.state.get("Health") or {}).get("Log") or []
    said = str(probes[-1].get("Output", "")).strip()[-300:] if probes else ""
    probe = f"its health check said: {said}" if said else ""
    text = engine.ask("Reading logs", lambda api: api.logs(found.id, tail=_LINES)).decode("utf-8", "replace").strip()
    return "\n".join(part for part in (text or "it wrote nothing", probe) if part)


@contextmanager
def _interrupted_once() -> Iterator[None]:
    """The first Ctrl-C (or SIGTERM) counts: a second one, while things are taken back, would leave containers."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    interrupted = False

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        nonlocal interrupted
        if not interrupted:
            interrupted = True
            raise KeyboardInterrupt

    held = [(number, signal.signal(number, interrupt)) for number in (signal.SIGINT, signal.SIGTERM)]
    try:
        yield
    finally:
        for number, handler in held:
            signal.signal(number, handler)

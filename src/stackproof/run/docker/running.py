"""A stack that is up on a Docker Engine: looked at, spoken to and broken through the engine."""

import json
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from types import MappingProxyType

from stackproof.errors import ToolFailed, Unmeasurable
from stackproof.model.running import (
    Attempt,
    Completed,
    Event,
    HealthState,
    LimitsFound,
    ProcessFacts,
    ServiceState,
    Site,
    Stopped,
)
from stackproof.model.stack import Stack
from stackproof.run.docker import (
    away,
    between,
    clock,
    cutting,
    exhausting,
    freezing,
    killing,
    limits,
    processes,
    project,
    reach,
    refusing,
    replacing,
    resolving,
    scaling,
    slowing,
    state,
    taking,
    timeline,
)
from stackproof.run.docker.project import Container
from stackproof.tools.docker import sidecar
from stackproof.tools.docker.engine import Engine
from stackproof.tools.docker.sidecar import Sidecar
from stackproof.tools.docker.watch import Happening, Watch

_SEEN = 10.0  # seconds for the engine to see an end
_STARTER = ("python", "-I", "-S", "/opt/stackproof/stackproof_start.py")  # as the image starts it
_KILLED = 128 + 9  # exit code of a process that SIGKILL ended


class DockerRunning:
    """The `Running` of a Docker Engine. It listens to the engine from the first question about events on."""

    def __init__(
        self,
        engine: Engine,
        stack: Stack,
        site: Site,
        watch: Watch | None = None,
        left_out: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self.stack, self.left_out = stack, left_out
        self._engine = engine
        self._site = site
        self._listening = watch

    def close(self) -> None:
        """Stop listening; the stack stays up."""
        if self._listening:
            self._listening.close()
            self._listening = None

    def states(self) -> tuple[ServiceState, ...]:
        return project.states(self._engine, self.stack)

    def events(self) -> tuple[Event, ...]:
        """See `Running.events`. The engine itself forgets soon, so they are kept in the state folder."""
        begun, kept = state.events(self._site) or self._rebuilt()
        happenings = timeline.merged(kept, self._watch().seen())
        if len(happenings) > len(kept):
            state.save_events(self._site, begun, happenings)
        return timeline.events(happenings, begun)

    def wait_for(self, service: str, health: HealthState, within: float) -> float | None:
        begun = time.monotonic()
        watch = self._watch()
        while True:
            known = len(watch.seen())
            if {each.health for each in self._replicas(service)} == {health}:
                return time.monotonic() - begun
            if (left := within - (time.monotonic() - begun)) <= 0:
                return None
            watch.wait(known, min(left, 1.0))

    def address(self, service: str) -> str:
        if found := self._replicas(service)[0].address:
            return found
        proxy = self.stack.proxy
        if proxy and service != proxy.service and any(route.service == service for route in proxy.routes):
            return self.address(proxy.service)
        raise Unmeasurable(
            f"{service} of {self.stack.name} has no published port", fix=f"Set `publish` of [services.{service}]."
        )

    def run(self, service: str, argv: tuple[str, ...], timeout: float = 20.0, replica: int = 1) -> Completed:
        target = project.running(self._engine, self.stack, service, replica)
        words = (*(_STARTER if self.stack.service(service).launched else ()), *argv)
        done = self._engine.command("exec", target.name, *words, timeout=timeout)
        if done.exit_code is None:
            self._end(target, words)
        return replace(done, argv=("docker", *done.argv[1:]))

    def beside(
        self,
        service: str,
        port: int,
        script: str,
        timeout: float = 20.0,
        replica: int = 1,
        line: Callable[[str], None] | None = None,
    ) -> Completed:
        target = project.running(self._engine, self.stack, service, replica)
        image = project.python_image(self._engine, self.stack)
        place = Sidecar(image, stack=self.stack.name, network=f"container:{target.id}")
        return sidecar.run(self._engine, place, script, str(port), timeout=timeout, line=line)

    def processes(self, service: str, replica: int = 1) -> tuple[ProcessFacts, ...]:
        return processes.processes(self._engine, self.stack, service, replica)

    def limits(self, service: str, replica: int = 1) -> LimitsFound:
        return limits.limits(self._engine, self.stack, service, replica)

    def attempts(self) -> tuple[Attempt, ...]:
        return reach.attempts(self._engine, self.stack)

    def addresses(self, service: str, replica: int = 1) -> tuple[str, ...]:
        return tuple(project.running(self._engine, self.stack, service, replica).addresses.values())

    def reaches(self, service: str, targets: tuple[tuple[str, int], ...], replica: int = 1) -> tuple[bool, ...]:
        found = project.running(self._engine, self.stack, service, replica)
        return between.reaches(self._engine, self.stack, found, targets)

    def outside(self) -> AbstractContextManager[tuple[str, int]]:
        return between.outside(self._engine)

    def takes(self) -> Mapping[str, tuple[str, ...]]:
        return taking.takes(self._engine, self.stack)

    def shown(self, service: str, replica: int = 1) -> str:
        """What `docker inspect` shows."""
        return json.dumps(project.container(self._engine, self.stack, service, replica).document)

    def logs(self, service: str, replica: int = 1) -> str:
        found = project.container(self._engine, self.stack, service, replica)
        text: bytes = self._engine.ask("Reading logs", lambda api: api.logs(found.id, stdout=True, stderr=True))
        return text.decode("utf-8", "replace")

    def kill(self, service: str, replica: int = 1) -> None:
        """See `Running.kill`; returns when the engine has seen it, so that no health of before is read after it."""
        watch = self._watch()
        known = len(watch.seen())
        container = killing.main_process(self._engine, self.stack, service, replica)
        self._seen_to_end(watch, known, service, container)

    def stop(self, service: str, replica: int = 1) -> Stopped:
        """See `Running.stop`; the grace time is the container's own, which came from the Compose file."""
        target = project.running(self._engine, self.stack, service, replica)
        grace = int(target.document["Config"].get("StopTimeout") or 10)
        begun = time.monotonic()
        self._engine.ask(f"Stopping {service}", lambda api: api.stop(target.id, timeout=grace))
        seconds = time.monotonic() - begun
        code = int(project.container(self._engine, self.stack, service, replica).state["ExitCode"])
        return Stopped(seconds, code, killed=code == _KILLED)

    def start(self, service: str, replica: int = 1) -> None:
        target = project.container(self._engine, self.stack, service, replica)
        self._engine.ask(f"Starting {service}", lambda api: api.start(target.id))

    def replace(self, service: str) -> None:
        self._watch()  # what happens to the new ones is seen from their first moment on
        replacing.replace(self._engine, self.stack, self._site, service)

    def without_file(self, path: str) -> AbstractContextManager[None]:
        return away.without_file(self._engine, self.stack, self._site, path)

    def frozen(self, service: str) -> AbstractContextManager[None]:
        return freezing.frozen(self._engine, self.stack, self._site, service)

    def frozen_child(self, service: str) -> AbstractContextManager[Callable[[], bool]]:
        return freezing.frozen_child(self._engine, self.stack, self._site, service)

    def cut(self, service: str) -> AbstractContextManager[None]:
        return cutting.cut(self._engine, self.stack, self._site, service)

    def unresolved(self, service: str) -> AbstractContextManager[None]:
        return resolving.unresolved(self._engine, self.stack, self._site, service)

    def slowed(self, service: str) -> AbstractContextManager[None]:
        return slowing.slowed(self._engine, self.stack, self._site, service)

    def unwritable(self, service: str) -> AbstractContextManager[None]:
        return refusing.unwritable(self._engine, self.stack, self._site, service)

    def scaled(self, service: str) -> AbstractContextManager[Callable[[int], str]]:
        self._watch()  # what happens to the new ones is seen from their first moment on
        return scaling.scaled(self._engine, self.stack, self._site, service)

    def exhaust(self, service: str, replica: int = 1) -> None:
        watch = self._watch()
        known = len(watch.seen())
        if container := exhausting.exhaust(self._engine, self.stack, service, replica):
            self._seen_to_end(watch, known, service, container)

    def now(self) -> float:
        return time.monotonic()

    def pause(self, seconds: float) -> None:
        time.sleep(seconds)

    def _watch(self) -> Watch:
        if self._listening is None:
            begun, kept = state.events(self._site) or self._rebuilt()
            self._listening = Watch(self._engine, self.stack.name, kept[-1].at if kept else begun)
        return self._listening

    def _seen_to_end(self, watch: Watch, known: int, service: str, container: str) -> None:
        until = time.monotonic() + _SEEN
        while time.monotonic() < until:
            new = watch.seen()[known:]
            if any(each.container == container and each.action == "die" for each in new):
                return
            watch.wait(known + len(new), _SEEN)
        raise ToolFailed(f"{service} was killed, and the engine did not see it end", fix="Run the command again.")

    def _replicas(self, service: str) -> tuple[ServiceState, ...]:
        project.container(self._engine, self.stack, service)  # raises where there is none
        found = project.of_service(self._engine, self.stack, service)
        machine = self._engine.endpoint.machine
        return tuple(project.state(each, self.stack, machine, number) for number, each in enumerate(found, 1))

    def _rebuilt(self) -> tuple[int, tuple[Happening, ...]]:
        """What the containers themselves still know, where the state folder is gone."""
        found = project.containers(self._engine, self.stack)
        happenings = timeline.merged([each for one in found for each in _remembered(one)])
        return (happenings[0].at if happenings else clock.now(self._engine)), happenings

    def _end(self, target: Container, argv: tuple[str, ...]) -> None:
        """A command that outlived its time limit runs on in the container until it is killed there."""
        found = self._engine.ask("Looking at a container", lambda api: api.inspect_container(target.id))
        for identity in found.get("ExecIDs") or ():
            process = self._engine.ask_for("Looking at a command", lambda api, one=identity: api.exec_inspect(one))  # type: ignore[misc]
            if not process or not process["Running"]:
                continue
            config = process["ProcessConfig"]
            if (config["entrypoint"], *(config.get("arguments") or ())) == argv:
                killing.process(self._engine, self.stack, target.id, int(process["Pid"]))


def _remembered(found: Container) -> tuple[Happening, ...]:
    """Creation and last start of a container."""
    made = Happening(
        clock.nanoseconds(str(found.document["Created"])), found.id, found.service, "create", replica=found.number
    )
    begun = str(found.state["StartedAt"])
    if begun.startswith("0001-"):  # Go's zero time: never
        return (made,)
    return made, Happening(clock.nanoseconds(begun), found.id, found.service, "start", replica=found.number)

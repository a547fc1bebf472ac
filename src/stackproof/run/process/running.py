"""The handle on a stack of local processes; any stackproof process can have one."""

import shutil
import time
from collections.abc import Generator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path

from stackproof.errors import Unmeasurable, UserError
from stackproof.model.running import (
    Attempt,
    Completed,
    Event,
    HealthState,
    LimitsFound,
    ProcessFacts,
    ServiceState,
    Stopped,
)
from stackproof.model.stack import Stack, resolve
from stackproof.run.process import attempts, away, client, logfile, proc
from stackproof.run.process.folder import Folder, Kept
from stackproof.run.process.launch import MARK, Ask, Do, Launch, Line, Told
from stackproof.tools import command


class ProcessRunning:
    """Fulfils `model.running.Running`."""

    def __init__(self, stack: Stack, root: Path, folder: Folder, kept: Kept) -> None:
        self.stack, self._root, self._folder, self._id = stack, root, folder, kept.id

    def states(self) -> tuple[ServiceState, ...]:
        return client.ask(self._id, Ask("status")).states or ()

    def events(self) -> tuple[Event, ...]:
        return self._folder.read_events()

    def wait_for(self, service: str, health: HealthState, within: float) -> float | None:
        begun = time.monotonic()
        for told in client.stream(self._id, Ask("watch"), within):
            if any(state.name == service and state.health == health for state in told.states or ()):
                return time.monotonic() - begun
        return None

    def follow(self) -> Generator[Line | Event, None, None]:
        """Lines and events as they come, until the stack goes down. Closing the iterator ends it."""
        for told in client.stream(self._id, Ask("watch")):
            if found := told.line or told.event:
                yield found

    def address(self, service: str) -> str:
        found = self._launch(service).address
        if not found:
            raise UserError(f"{service} is not published", fix=f"Set [services.{service}] publish = … to reach it.")
        return found

    def run(self, service: str, argv: tuple[str, ...], timeout: float = 20.0) -> Completed:
        launch = self._launch(service)
        program = shutil.which(argv[0], path=launch.environment["PATH"]) or argv[0]
        environment = {**launch.environment, MARK: f"{self._id}/{service}/"}
        return command.run((program, *argv[1:]), timeout=timeout, cwd=Path(launch.cwd), env=environment)

    def processes(self, service: str) -> tuple[ProcessFacts, ...]:
        raise _shared(f"the users, capabilities and file systems of {service}")

    def limits(self, service: str) -> LimitsFound:
        raise _shared(f"the memory, CPU and process limits of {service}")

    def attempts(self) -> tuple[Attempt, ...]:
        found: list[Attempt] = []
        for name, who in self._members().items():
            found += attempts.attempts(self.stack.service(name), self._launch(name).port, who)
        return tuple(found)

    def logs(self, service: str) -> str:
        return logfile.text(self._folder.log(service))

    def kill(self, service: str) -> None:
        self._ask("kill", service)

    def stop(self, service: str) -> Stopped:
        stopped = self._ask("stop", service).stopped
        assert stopped is not None  # noqa: S101 - that is the answer to "stop"
        return stopped

    def start(self, service: str) -> None:
        self._ask("start", service)

    def without_file(self, path: str) -> AbstractContextManager[None]:
        volumes = {f"volume.{one.name}": str(self._folder.volume(one.name)) for one in self.stack.volumes}
        return away.taken(self._root / resolve(path, volumes), self._folder)

    def now(self) -> float:
        return time.monotonic()

    def pause(self, seconds: float) -> None:
        time.sleep(seconds)

    def _ask(self, do: Do, service: str) -> Told:
        return client.ask(self._id, Ask(do, service))

    def _launch(self, service: str) -> Launch:
        launch = self._ask("launch", service).launch
        assert launch is not None  # noqa: S101 - that is the answer to "launch"
        return launch

    def _members(self) -> Mapping[str, tuple[proc.Identity, ...]]:
        kept = self._folder.kept()
        mains = kept.mains if kept else {}
        return {name: proc.members(main, f"{self._id}/{name}") for name, main in mains.items()}


def _shared(what: str) -> Unmeasurable:
    return Unmeasurable(
        f"processes of this machine share its users, files and limits: {what} need a container engine to be measured",
        fix="Prove the stack on docker.",
    )

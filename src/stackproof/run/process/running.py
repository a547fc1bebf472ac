"""The handle on a stack of local processes; any stackproof process can have one."""

import json
import shutil
import sys
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from types import MappingProxyType

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
from stackproof.run.process import attempts, away, client, freezing, logfile, proc
from stackproof.run.process.folder import Folder, Kept
from stackproof.run.process.launch import MARK, Ask, Do, Launch, Line, Told
from stackproof.tools import command

NOTHING: Mapping[str, str] = MappingProxyType({})


class ProcessRunning:
    """Fulfils `model.running.Running`."""

    def __init__(
        self, stack: Stack, root: Path, folder: Folder, kept: Kept, left_out: Mapping[str, str] = NOTHING
    ) -> None:
        self.stack, self._root, self._folder, self._id = stack, root, folder, kept.id
        self.left_out = left_out

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

    def run(self, service: str, argv: tuple[str, ...], timeout: float = 20.0, replica: int = 1) -> Completed:
        launch = self._launch(_only(service, replica))
        program = shutil.which(argv[0], path=launch.environment["PATH"]) or argv[0]
        environment = {**launch.environment, MARK: f"{self._id}/{service}/"}
        return command.run(
            (*launch.starter, program, *argv[1:]), timeout=timeout, cwd=Path(launch.cwd), env=environment
        )

    def beside(
        self,
        service: str,
        port: int,
        script: str,
        timeout: float = 20.0,
        replica: int = 1,
        line: Callable[[str], None] | None = None,
    ) -> Completed:
        given = self._launch(_only(service, replica)).port
        here = given if given and port == self.stack.service(service).port else port
        argv = (sys.executable, "-I", "-S", "-c", script, str(here))
        return command.follow(argv, timeout=timeout, line=line or _unheard)

    def processes(self, service: str, replica: int = 1) -> tuple[ProcessFacts, ...]:
        raise _shared(f"the users, capabilities and file systems of {_only(service, replica)}")

    def limits(self, service: str, replica: int = 1) -> LimitsFound:
        raise _shared(f"the memory, CPU and process limits of {_only(service, replica)}")

    def attempts(self) -> tuple[Attempt, ...]:
        found: list[Attempt] = []
        for name, who in self._members().items():
            found += attempts.attempts(self.stack.service(name), self._launch(name).port, who)
        return tuple(found)

    def addresses(self, service: str, replica: int = 1) -> tuple[str, ...]:
        raise _one_network(_only(service, replica))

    def reaches(self, service: str, targets: tuple[tuple[str, int], ...], replica: int = 1) -> tuple[bool, ...]:
        raise _one_network(f"{_only(service, replica)} and {len(targets)} others")

    def outside(self) -> AbstractContextManager[tuple[str, int]]:
        raise _one_network("they")

    def takes(self) -> Mapping[str, tuple[str, ...]]:
        raise _shared("names of containers, networks and volumes")

    def shown(self, service: str, replica: int = 1) -> str:
        launch = self._launch(_only(service, replica))
        return json.dumps({"argv": launch.argv, "environment": launch.environment})

    def logs(self, service: str, replica: int = 1) -> str:
        return logfile.text(self._folder.log(_only(service, replica)))

    def kill(self, service: str, replica: int = 1) -> None:
        self._ask("kill", _only(service, replica))

    def stop(self, service: str, replica: int = 1) -> Stopped:
        stopped = self._ask("stop", _only(service, replica)).stopped
        assert stopped is not None  # noqa: S101 - that is the answer to "stop"
        return stopped

    def start(self, service: str, replica: int = 1) -> None:
        self._ask("start", _only(service, replica))

    def replace(self, service: str) -> None:
        raise _shared(f"another address for {service}")

    def without_file(self, path: str) -> AbstractContextManager[None]:
        volumes = {f"volume.{one.name}": str(self._folder.volume(one.name)) for one in self.stack.volumes}
        return away.taken(self._root / resolve(path, volumes), self._folder)

    def frozen(self, service: str) -> AbstractContextManager[None]:
        return freezing.frozen(self._folder, service)

    def frozen_child(self, service: str) -> AbstractContextManager[Callable[[], bool]]:
        return freezing.frozen_child(self._folder, service)

    def cut(self, service: str) -> AbstractContextManager[None]:
        raise _one_network(f"{service} and the others")

    def unresolved(self, service: str) -> AbstractContextManager[None]:
        raise _one_network(f"the names that {service} and the others look up")

    def slowed(self, service: str) -> AbstractContextManager[None]:
        raise _one_network(f"the lines of {service} and the others")

    def unwritable(self, service: str) -> AbstractContextManager[None]:
        raise _shared(f"a volume of {service} that refuses writes")

    def scaled(self, service: str) -> AbstractContextManager[Callable[[int], str]]:
        raise Unmeasurable(f"there is one process of {service}", fix="Prove the stack on docker.")

    def exhaust(self, service: str, replica: int = 1) -> None:
        raise _shared(f"a limit for the memory of {_only(service, replica)}")

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


def _unheard(_: str) -> None:
    """Nobody listens."""


def _only(service: str, replica: int) -> str:
    if replica != 1:
        raise Unmeasurable(
            f"there is one process of {service}: a replica {replica} needs a container engine",
            fix="Prove the stack on docker.",
        )
    return service


def _one_network(who: str) -> Unmeasurable:
    return Unmeasurable(
        f"processes of this machine are all on its one network: {who} cannot be apart", fix="Prove the stack on docker."
    )


def _shared(what: str) -> Unmeasurable:
    return Unmeasurable(
        f"processes of this machine share its users, files, limits and addresses: {what} would take a container engine",
        fix="Prove the stack on docker.",
    )

"""A running stack that says what it is told to say."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from stackproof.model.running import Completed, ServiceState
from stackproof.model.stack import Stack
from tests.prove import fake_running
from tests.prove.fake_running import FakeRunning

Says = Callable[[str, tuple[str, ...]], object]


@dataclass
class Telling(FakeRunning):
    """`says` is asked what a command, or a script beside a service, gives: data, or text, or a code to end with."""

    stack: Stack = fake_running.STACK
    says: Says = lambda _, __: ""
    comes_back: bool = True
    kills: int = 0
    lines: list[str] = field(default_factory=list)

    def run(self, service: str, argv: tuple[str, ...], timeout: float = 20.0, replica: int = 1) -> Completed:
        assert timeout
        return self._done(service, argv)

    def beside(
        self,
        service: str,
        port: int,
        script: str,
        timeout: float = 20.0,
        replica: int = 1,
        line: Callable[[str], None] | None = None,
    ) -> Completed:
        assert port
        assert timeout
        for said in self.lines if line else ():
            line(said)  # type: ignore[misc]
        return self._done(service, ("beside", script))

    def _done(self, service: str, argv: tuple[str, ...]) -> Completed:
        found = self.says(service, argv)
        if isinstance(found, int):
            return Completed(argv, found, 0.1, "", "no")
        return Completed(argv, 0, 0.1, found if isinstance(found, str) else json.dumps(found))

    def kill(self, service: str, replica: int = 1) -> None:
        self.kills += 1

    def states(self) -> tuple[ServiceState, ...]:
        restarts = self.kills if self.comes_back else 0
        return tuple(replace(each, restarts=restarts) for each in super().states())

"""The life of one service under the supervisor: wait for its needs, start, watch its health, start again, stop."""

import asyncio
import time
from dataclasses import replace
from pathlib import Path
from typing import Literal, Protocol

from stackproof.model.running import ServiceState, Stopped
from stackproof.run.process.child import Child, Reaper
from stackproof.run.process.decide import Vital, delay, exit_code, probed, until_next_probe
from stackproof.run.process.launch import Launch, Line
from stackproof.run.process.logfile import LogFile
from stackproof.run.process.probe import probe
from stackproof.run.process.proc import Identity

What = Literal["created", "started", "healthy", "unhealthy", "exited", "restarted", "removed"]


class World(Protocol):
    """What a service needs of its supervisor."""

    id: str
    reaper: Reaper

    def happened(self, service: str, what: What, detail: str = "") -> None: ...
    def changed(self) -> None: ...
    def wrote(self, line: Line) -> None: ...
    async def until_open(self, launch: Launch) -> bool:
        """Wait for the needs; False: they will never be met."""
        ...


class Supervised:
    def __init__(self, launch: Launch, world: World, log: Path) -> None:
        self.launch, self._world = launch, world
        self._state = ServiceState(launch.name, "waiting", "none", address=launch.address)
        self._log = LogFile(log, launch.name, world.wrote)
        self._child: Child | None = None
        self._idle = asyncio.Event()  # set while there is no process
        self._life: asyncio.Task[None] | None = None
        world.happened(launch.name, "created")

    @property
    def state(self) -> ServiceState:
        return self._state

    @property
    def main(self) -> Identity | None:
        return self._child.identity if self._child else None

    @property
    def wanted(self) -> bool:
        return self._life is not None and not self._life.done()

    def start(self) -> None:
        """Begin its life; nothing happens where it lives already."""
        if not self.wanted:
            self._set(status="waiting", health="starting" if self.launch.health else "none", exit_code=None)
            self._life = asyncio.get_running_loop().create_task(self._live())

    async def stop(self) -> Stopped:
        """SIGTERM, then SIGKILL after its grace; it stays stopped."""
        begun, child = time.monotonic(), self._child
        await self._end_life()
        if child is None:
            self._set(status="exited", health="none")
            return Stopped(0.0, self._state.exit_code, killed=False)
        child.terminate()
        ended = asyncio.ensure_future(child.ended())
        await asyncio.wait((ended,), timeout=self.launch.grace)
        killed = not ended.done()
        if killed:
            child.kill()
        code = await ended
        if self._child is child:  # nobody else has noted its end
            self._gone(code, "killed after its grace time" if killed else "stopped")
        return Stopped(time.monotonic() - begun, self._state.exit_code, killed)

    async def kill(self) -> None:
        """SIGKILL to all; the restart policy applies. Returns when they are gone and the state says so."""
        if self._child:
            self._child.kill()
            await self._idle.wait()

    def remove(self) -> None:
        self._log.close()
        self._world.happened(self.launch.name, "removed")

    async def _end_life(self) -> None:
        if self._life:
            self._life.cancel()
            await asyncio.wait((self._life,))  # raises nothing: a life that broke must not keep it from being stopped

    async def _live(self) -> None:
        if not await self._world.until_open(self.launch):
            self._set(status="exited", health="none")
            return
        pause = 0.0
        while True:
            begun = time.monotonic()
            code = await self._once()
            if self.launch.restart == "no":
                return
            pause = delay(pause, time.monotonic() - begun)
            self._set(status="restarting")
            await asyncio.sleep(pause)
            self._set(restarts=self._state.restarts + 1)
            self._world.happened(self.launch.name, "restarted", f"after exit code {code}")

    async def _once(self) -> int:
        """One process from start to end; the exit code as a container would report it."""
        try:
            child = self._child = Child(
                self.launch, f"{self._world.id}/{self.launch.name}", self._world.reaper, self._log
            )
        except OSError as problem:
            self._log.write(f"stackproof: could not be started: {problem}\n".encode())
            self._gone(127, str(problem))
            return 127
        self._idle.clear()
        self._set(status="running", health="starting" if self.launch.health else "none", pid=child.pid, exit_code=None)
        self._world.happened(self.launch.name, "started", f"pid {child.pid}")
        watch = asyncio.get_running_loop().create_task(self._watch())
        try:
            code = await child.ended()
        finally:
            watch.cancel()
        self._gone(code)
        return exit_code(code)

    def _gone(self, code: int, detail: str = "") -> None:
        self._child = None
        self._idle.set()
        self._set(status="exited", health="none", pid=None, exit_code=exit_code(code))
        self._world.happened(
            self.launch.name, "exited", f"exit code {exit_code(code)}" + (f", {detail}" if detail else "")
        )

    async def _watch(self) -> None:
        if self.launch.health is None:
            return
        begun, vital = time.monotonic(), Vital()
        while True:
            problem = await probe(self.launch.health)
            age = time.monotonic() - begun
            before, vital = vital, probed(vital, not problem, age, self.launch.health)
            if vital.health != before.health:
                self._set(health=vital.health)
                self._world.happened(self.launch.name, "healthy" if vital.health == "healthy" else "unhealthy", problem)
            await asyncio.sleep(until_next_probe(vital, age, self.launch.health))

    def _set(self, **changes: object) -> None:
        self._state = replace(self._state, **changes)  # type: ignore[arg-type]
        self._world.changed()

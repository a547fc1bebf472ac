"""All services of one stack: what is up, what changes, who is told."""

import asyncio
import sys
import time
from collections.abc import Callable
from dataclasses import replace

import msgspec

from stackproof.model.running import Event, ServiceState, Stopped
from stackproof.run.process import proc
from stackproof.run.process.child import Reaper
from stackproof.run.process.decide import dependents, gate, settled, trouble
from stackproof.run.process.folder import Folder, Kept, ports
from stackproof.run.process.launch import Launch, Line, Told
from stackproof.run.process.supervised import Supervised, What

Listener = Callable[[Told], None]


class Household:
    """Implements `supervised.World`. Everything happens on one event loop, so nothing needs a lock."""

    def __init__(self, folder: Folder, stack: str, id: str, begun: float) -> None:  # noqa: A002
        self.id, self.reaper = id, Reaper()
        self._folder, self._begun = folder, begun
        self._kept = Kept(stack, id, proc.boot(), proc.ourselves(), begun)
        self._services: dict[str, Supervised] = {}
        self._listeners: set[Listener] = set()
        self.homeless = asyncio.Event()
        self._pulse, self._one_at_a_time = asyncio.Event(), asyncio.Lock()
        self.changed()

    @property
    def empty(self) -> bool:
        return not self._services

    def states(self) -> tuple[ServiceState, ...]:
        return tuple(service.state for service in self._services.values())

    def __getitem__(self, name: str) -> Supervised:
        return self._services[name]

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Tell this listener everything from now on; the answer ends that."""
        self._listeners.add(listener)
        return lambda: self._listeners.discard(listener)

    async def apply(self, launches: tuple[Launch, ...]) -> Told:
        """Bring these up; what runs well already as it should is left alone. Undone where it fails or is cancelled."""
        async with self._one_at_a_time:
            return await self._apply([launch for launch in launches if not self._runs(launch)])

    async def _apply(self, fresh: list[Launch]) -> Told:
        try:
            await self._remove({launch.name for launch in fresh})
            for launch in fresh:
                self._services[launch.name] = Supervised(launch, self, self._folder.log(launch.name))
            for launch in fresh:
                self._services[launch.name].start()
            told = await self._outcome(fresh)
        except asyncio.CancelledError:
            await self._remove({launch.name for launch in fresh})
            raise
        if told.failed:
            await self._remove({launch.name for launch in fresh})
        return told

    async def remove_all(self) -> None:
        async with self._one_at_a_time:
            await self._remove(set(self._services))

    async def _remove(self, chosen: set[str]) -> None:
        """Stop and forget; each after those that need it, the others at the same time."""
        found = {name: service for name, service in self._services.items() if name in chosen}
        launches = [service.launch for service in found.values()]
        stops: dict[str, asyncio.Task[Stopped]] = {}
        for name in reversed(found):
            after = [stops[other] for other in dependents(name, launches) if other in stops]
            stops[name] = asyncio.create_task(_stop_after(found[name], after))
        await asyncio.gather(*stops.values())
        for name, service in found.items():
            service.remove()
            del self._services[name]
        self.changed()

    def happened(self, service: str, what: What, detail: str = "") -> None:
        event = Event(round(time.monotonic() - self._begun, 3), service, what, detail)
        self._record(lambda: self._append(event))
        self._tell(Told(event=event))

    def changed(self) -> None:
        mains = {name: service.main for name, service in self._services.items()}
        self._kept = replace(
            self._kept,
            services=self.states(),
            mains={name: main for name, main in mains.items() if main},
            ports=ports(tuple(service.launch for service in self._services.values())),
        )
        self._record(lambda: self._folder.keep(self._kept))
        self._tell(Told(states=self.states()))
        self._pulse.set()
        self._pulse = asyncio.Event()

    def wrote(self, line: Line) -> None:
        self._tell(Told(line=line))

    async def until_open(self, launch: Launch) -> bool:
        while (answer := gate(launch.needs, self._by_name())) == "wait":
            await self._pulse.wait()
        return answer == "open"

    async def _outcome(self, launches: list[Launch]) -> Told:
        while True:
            states = self._by_name()
            for launch in launches:
                if why := trouble(launch, states[launch.name]):
                    return Told(failed=why, culprit=launch.name)
            if all(settled(launch, states[launch.name]) for launch in launches):
                return Told(done=True)
            await self._pulse.wait()

    def _runs(self, launch: Launch) -> bool:
        service = self._services.get(launch.name)
        if launch.one_shot:  # once for each `up`
            return False
        return service is not None and service.launch == launch and settled(launch, service.state)

    def _by_name(self) -> dict[str, ServiceState]:
        return {name: service.state for name, service in self._services.items()}

    def _append(self, event: Event) -> None:
        with self._folder.events.open("ab") as file:
            file.write(msgspec.json.encode(event) + b"\n")

    def _record(self, write: Callable[[], None]) -> None:
        """Write to the state folder. Services outlive a full disk, but not their folder: nobody could find them."""
        try:
            write()
        except FileNotFoundError:
            self.homeless.set()
        except OSError as problem:
            sys.stderr.write(f"the state could not be written: {problem}\n")

    def _tell(self, told: Told) -> None:
        for listener in tuple(self._listeners):
            listener(told)


async def _stop_after(service: Supervised, others: list["asyncio.Task[Stopped]"]) -> Stopped:
    if others:
        await asyncio.wait(others)
    return await service.stop()

"""The process that owns a stack's services: `python -m stackproof.run.process.supervisor`, started by `up`.

It listens on a socket without a file (an abstract one, so that nothing is left over), obeys only its own user, and
ends with its last service.
"""

import asyncio
import os
import signal
import socket
import struct
import sys
from contextlib import suppress
from pathlib import Path

import msgspec

from stackproof.run.process.child import adopt_orphans
from stackproof.run.process.folder import Folder
from stackproof.run.process.household import Household
from stackproof.run.process.launch import Ask, Told

_PATIENCE = 10.0  # seconds that it waits for the one who started it
_LOOKING = 2.0  # seconds between looks whether the state folder is still there
_BACKLOG = 4 * 1024 * 1024  # bytes that a listener may be behind before it is dropped
_LONGEST_ASK = 16 * 1024 * 1024


class Desk:
    """Answers clients: one request per connection, answers as JSON lines."""

    def __init__(self, house: Household) -> None:
        self._house, self.closed = house, asyncio.Event()
        self._idle = asyncio.get_running_loop().call_later(_PATIENCE, self._close_if_empty)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._idle.cancel()
        try:
            if _peer(writer) == os.getuid():
                ask = msgspec.json.decode(await reader.readline(), type=Ask)
                await self._answer(ask, reader, writer)
                await writer.drain()
        except (ConnectionError, msgspec.DecodeError):
            return  # the client has gone, or is none of ours
        finally:
            writer.close()
            self._close_if_empty()

    async def _answer(self, ask: Ask, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if ask.do in ("apply", "watch"):
            await self._stream(ask, reader, writer)
        elif ask.do == "down":
            await self.down()
            _say(writer, Told(done=True))
        elif ask.do == "status":
            _say(writer, Told(states=self._house.states(), done=True))
        else:
            _say(writer, await self._about_one(ask))

    async def _about_one(self, ask: Ask) -> Told:
        try:
            service = self._house[ask.service]
        except KeyError:
            return Told(failed=f"{ask.service} is not up")
        if ask.do == "launch":
            return Told(launch=service.launch, done=True)
        if ask.do == "stop":
            return Told(stopped=await service.stop(), done=True)
        if ask.do == "start":
            service.start()
        elif ask.do == "kill":
            await service.kill()
        return Told(done=True)

    async def _stream(self, ask: Ask, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Tell everything that happens, until the work is done or the client hangs up: then the work is undone."""
        deaf = self._house.listen(lambda told: _say(writer, told))
        _say(writer, Told(states=self._house.states()))
        hung_up = asyncio.create_task(reader.read())
        work = asyncio.create_task(self._house.apply(ask.launches) if ask.do == "apply" else _forever())
        try:
            await asyncio.wait((hung_up, work), return_when=asyncio.FIRST_COMPLETED)
            if work.done():
                _say(writer, work.result())
        finally:
            deaf()
            hung_up.cancel()
            work.cancel()
            with suppress(asyncio.CancelledError):
                await work

    async def down(self) -> None:
        await self._house.remove_all()
        self._close_if_empty()

    def _close_if_empty(self) -> None:
        if self._house.empty:
            self.closed.set()


async def _leave_with(house: Household, desk: Desk, folder: Folder) -> None:
    """Take everything down when somebody has removed the state folder: no command could find it any more."""
    home = _identity(folder)
    while not house.homeless.is_set() and _identity(folder) == home:
        with suppress(asyncio.TimeoutError):
            await asyncio.wait_for(house.homeless.wait(), _LOOKING)
    await desk.down()


def _identity(folder: Folder) -> int | None:
    """A new folder of the same name is another one."""
    with suppress(OSError):
        return folder.path.stat().st_ino
    return None


async def _forever() -> Told:
    await asyncio.Event().wait()
    return Told()


def _say(writer: asyncio.StreamWriter, told: Told) -> None:
    if writer.transport.get_write_buffer_size() > _BACKLOG:
        writer.transport.abort()
    elif not writer.is_closing():
        writer.write(msgspec.json.encode(told) + b"\n")


def _peer(writer: asyncio.StreamWriter) -> int:
    """The user at the other end, from the kernel."""
    credentials = writer.get_extra_info("socket").getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
    return int(struct.unpack("3i", credentials)[1])


async def _main(folder: Folder, stack: str, id: str, begun: float, listening: int) -> None:  # noqa: A002
    adopt_orphans()
    house = Household(folder, stack, id, begun)
    desk = Desk(house)
    downs: list[asyncio.Task[None]] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, lambda: downs.append(asyncio.create_task(desk.down())))
    mover = asyncio.create_task(_leave_with(house, desk, folder))
    server = await asyncio.start_unix_server(desk.serve, sock=socket.socket(fileno=listening), limit=_LONGEST_ASK)
    await desk.closed.wait()
    mover.cancel()
    server.close()
    folder.clear()
    await asyncio.sleep(0)


if __name__ == "__main__":
    _path, _stack, _id, _begun, _listening = sys.argv[1:]
    asyncio.run(_main(Folder(Path(_path)), _stack, _id, float(_begun), int(_listening)))

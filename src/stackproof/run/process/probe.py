"""Health probes that start no interpreter: each is a connection or a look at a file, and costs under a millisecond.

Written on asyncio streams, because the supervisor has one thread: a process that is to die with its parent is tied to
the thread that started it, and forking beside other threads is unsafe.
"""

import asyncio
import struct
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from stackproof.model.stack import Health
from stackproof.tools.http import unchecked

_PROTOCOL = 3 << 16  # PostgreSQL's frontend/backend protocol 3.0
_NOT_READY = b"C57P03\0"  # SQLSTATE cannot_connect_now
_LOCAL = "127.0.0.1"  # literal: "localhost" can mean ::1 first


async def probe(health: Health) -> str:
    """What is wrong; "" when all is well."""
    try:
        async with asyncio.timeout(health.timeout):
            if health.kind in ("http", "https"):
                return await _http(health.port, health.target, tls=health.kind == "https")
            if health.kind == "redis":
                return await _redis(health.port)
            if health.kind == "postgres":
                return await _postgres(health.port)
    except TimeoutError:
        return f"no answer within {health.timeout:g} s"
    except EOFError:
        return "it hung up"
    except OSError as problem:
        return problem.strerror or str(problem)
    return heartbeat(Path(health.target), health.max_age, time.time())


def heartbeat(file: Path, max_age: float, now: float) -> str:
    try:
        age = now - file.stat().st_mtime
    except FileNotFoundError:
        return "no heartbeat yet"
    return "" if age <= max_age else f"last heartbeat {age:.0f} s ago, at most {max_age:.0f} s are well"


async def _http(port: int, target: str, *, tls: bool) -> str:
    asked = f"GET {target} HTTP/1.1\r\nHost: {_LOCAL}:{port}\r\nAccept: */*\r\nConnection: close\r\n\r\n"
    async with _connected(port, tls=tls) as (reader, writer):
        writer.write(asked.encode())
        answer = await reader.read()  # to the end, so that no server sees us hang up on it
    if answer.split(b" ", 2)[1:2] == [b"200"]:
        return ""
    return f"GET {target} was answered by {_first(answer)}"


async def _redis(port: int) -> str:
    """The user of health checks may do nothing but PING; where there is none, everybody may, and AUTH fails."""
    async with _connected(port) as (reader, writer):
        writer.write(b"*3\r\n$4\r\nAUTH\r\n$5\r\nprobe\r\n$5\r\nprobe\r\n*1\r\n$4\r\nPING\r\n")
        await reader.readline()
        answer = await reader.readline()
    return "" if answer == b"+PONG\r\n" else f"PING was answered by {_first(answer)}"


async def _postgres(port: int) -> str:
    """As pg_isready: the server asks who we are, or refuses us for any reason but that it is not ready yet."""
    wanted = b"user\0probe\0database\0postgres\0\0"
    async with _connected(port) as (reader, writer):
        writer.write(struct.pack("!II", len(wanted) + 8, _PROTOCOL) + wanted)
        kind = await reader.readexactly(1)
        said = await reader.readexactly(struct.unpack("!I", await reader.readexactly(4))[0] - 4)
    if kind == b"R" or (kind == b"E" and _NOT_READY not in said):
        return ""
    return f"it answered {said.replace(bytes(1), b' ').decode('utf-8', 'replace').strip()}"


@asynccontextmanager
async def _connected(
    port: int, *, tls: bool = False
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection(_LOCAL, port, ssl=unchecked() if tls else None)
    try:
        yield reader, writer
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


def _first(answer: bytes) -> str:
    return answer.partition(b"\r\n")[0].decode("latin-1").strip() or "nothing"

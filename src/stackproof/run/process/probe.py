"""Health probes that start no interpreter: each is a connection or a look at a file, and costs under a millisecond.

Written on asyncio streams, because the supervisor has one thread: a process that is to die with its parent is tied to
the thread that started it, and forking beside other threads is unsafe.
"""

import asyncio
import time
from contextlib import suppress
from pathlib import Path

from stackproof.model.stack import Health

_LOCAL = "127.0.0.1"  # literal: "localhost" can mean ::1 first


async def probe(health: Health) -> str:
    """What is wrong; "" when all is well."""
    try:
        async with asyncio.timeout(health.timeout):
            if health.kind == "http":
                return await _http(health.port, health.target)
            if health.kind == "redis":
                return await _redis(health.port)
    except TimeoutError:
        return f"no answer within {health.timeout:g} s"
    except OSError as problem:
        return problem.strerror or str(problem)
    return heartbeat(Path(health.target), health.max_age, time.time())


def heartbeat(file: Path, max_age: float, now: float) -> str:
    try:
        age = now - file.stat().st_mtime
    except FileNotFoundError:
        return "no heartbeat yet"
    return "" if age <= max_age else f"last heartbeat {age:.0f} s ago, at most {max_age:.0f} s are well"


async def _http(port: int, target: str) -> str:
    asked = f"GET {target} HTTP/1.1\r\nHost: {_LOCAL}:{port}\r\nAccept: */*\r\nConnection: close\r\n\r\n"
    answer = await _exchange(port, asked.encode())
    if answer.split(b" ", 2)[1:2] == [b"200"]:
        return ""
    return f"GET {target} was answered by {_first(answer)}"


async def _redis(port: int) -> str:
    answer = await _exchange(port, b"*1\r\n$4\r\nPING\r\n*1\r\n$4\r\nQUIT\r\n")
    return "" if answer.startswith(b"+PONG\r\n") else f"PING was answered by {_first(answer)}"


async def _exchange(port: int, asked: bytes) -> bytes:
    """Send, and read to the end, so that no server sees us hang up on it."""
    reader, writer = await asyncio.open_connection(_LOCAL, port)
    try:
        writer.write(asked)
        return await reader.read()
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


def _first(answer: bytes) -> str:
    return answer.partition(b"\r\n")[0].decode("latin-1").strip() or "nothing"

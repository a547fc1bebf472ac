"""GET at a constant rate, whatever the answers take: an open loop.

A closed loop sends when the last answer has come, so it asks least while the server is slowest, and its percentiles
leave out what users would have waited ("coordinated omission", Gil Tene). Here each request has a moment at which it
is meant to be sent, and its time counts from then.
"""

import asyncio
import itertools
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aiohttp import ClientSession

_TIMEOUT = 10.0  # seconds for a whole answer
_WAITING = 500  # at once: half of the files that a process may usually open


@dataclass(frozen=True, slots=True)
class Shot:
    """One request. `status` 0: no HTTP answer came, `problem` says why. Times in seconds."""

    at: float  # when it was meant to be sent, after the first one
    late: float  # how much later it was
    seconds: float  # from when it was meant to be sent to the end of its answer
    status: int
    problem: str = ""


@contextmanager
def sending(urls: Sequence[str], rate: float, headers: Mapping[str, str]) -> Iterator[list[Shot]]:
    """`rate` requests per second, to each URL in turn, for as long as the block runs; the list is whole after it.

    Redirects are not followed, cookies not kept, certificates not checked: what answers is our own stack.
    """
    import aiohttp  # noqa: F401 - takes longer than a request may

    shots: list[Shot] = []
    enough = threading.Event()
    with ThreadPoolExecutor(1) as beside:
        running = beside.submit(lambda: asyncio.run(_all(urls, rate, headers, enough, shots)))
        try:
            yield shots
        finally:
            enough.set()
            running.result()


async def _all(
    urls: Sequence[str], rate: float, headers: Mapping[str, str], enough: threading.Event, shots: list[Shot]
) -> None:
    import aiohttp

    waiting: set[asyncio.Task[None]] = set()
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0, ssl=False),
        cookie_jar=aiohttp.DummyCookieJar(),
        headers=headers,
        timeout=aiohttp.ClientTimeout(total=_TIMEOUT),
    ) as session:
        begun = time.monotonic()
        for number, url in enumerate(itertools.cycle(urls)):
            due = begun + number / rate
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            if enough.is_set():
                break
            if len(waiting) >= _WAITING:
                problem = f"not sent: {_WAITING} others were waiting for their answers"
                shots.append(Shot(due - begun, 0.0, 0.0, 0, problem))
                continue
            task = asyncio.create_task(_one(session, url, begun, due, shots))
            waiting.add(task)
            task.add_done_callback(waiting.discard)
        await asyncio.gather(*waiting)


async def _one(session: "ClientSession", url: str, begun: float, due: float, shots: list[Shot]) -> None:
    import aiohttp

    sent, status, problem = time.monotonic(), 0, ""
    try:
        async with session.get(url, allow_redirects=False) as answer:
            await answer.read()
            status = answer.status
    except (aiohttp.ClientError, OSError) as failure:  # a TimeoutError is an OSError
        problem = f"{type(failure).__name__}: {failure}".rstrip(": ")
    shots.append(Shot(due - begun, sent - due, time.monotonic() - due, status, problem))

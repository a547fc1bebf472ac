"""What the load generator sees of a server with known delays, beside a closed loop, and what it costs.

    python benchmarks/load_generator.py

The server answers at once, except that it stands still for one second. Whoever came during that second waited for what
was left of it: of requests that come evenly over five seconds, a fifth waited from 1000 to 0 ms, so p95 is 750 ms and
p99 950 ms. A closed loop, which waits for each answer before it asks again, meets the standstill once.
"""

import argparse
import asyncio
import http.client
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import measuring

from stackproof.prove import load_figures
from stackproof.tools.open_loop import Shot, sending

SECONDS, STALL_BEGINS, STALL = 5.0, 2.0, 1.0
RATES = (100.0, 200.0)
KNOWN = {50: 0.0, 95: 750.0, 99: 950.0}


@dataclass(frozen=True)
class Row:
    name: str
    shots: list[Shot]
    cpu: float  # ms of processor time per request


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--serve", action="store_true", help="be the server (for this script itself)")
    if arguments.parse_args().serve:
        asyncio.run(_serve())
        return
    rows = [_open(rate) for rate in RATES]
    measuring.publish("Load generator", _page([*rows, _closed()]))


async def _serve() -> None:
    begun: list[float] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                await reader.readuntil(b"\r\n\r\n")
                now = time.monotonic()
                begun.append(begun[0] if begun else now)
                into = now - begun[0] - STALL_BEGINS
                if 0.0 <= into < STALL:
                    await asyncio.sleep(STALL - into)
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


@contextmanager
def _server() -> Iterator[int]:
    with subprocess.Popen([sys.executable, __file__, "--serve"], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.terminate()


def _open(rate: float) -> Row:
    with _server() as port:
        before = _cpu()
        with sending([f"http://127.0.0.1:{port}/"], rate, {}) as shots:
            time.sleep(SECONDS)
        return Row(f"stackproof, open loop, {rate:g}/s", shots, (_cpu() - before) / len(shots) * 1000)


def _closed() -> Row:
    """One client that asks again when it was answered, as fast as the slower open loop asks."""
    shots: list[Shot] = []
    with _server() as port:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        before, begun = _cpu(), time.monotonic()
        while (asked := time.monotonic()) < begun + SECONDS:
            connection.request("GET", "/")
            connection.getresponse().read()
            shots.append(Shot(asked - begun, 0.0, time.monotonic() - asked, 200))
            time.sleep(max(0.0, asked + 1 / RATES[0] - time.monotonic()))
        connection.close()
    return Row(f"a closed loop, at most {RATES[0]:g}/s", shots, (_cpu() - before) / len(shots) * 1000)


def _cpu() -> float:
    times = os.times()
    return times.user + times.system


def _page(rows: list[Row]) -> str:
    known = ["what the server did", "", *(f"{ms:.0f}" for ms in KNOWN.values()), f"{STALL * 1000:.0f}", "", ""]
    return measuring.table(
        ["who asks", "requests", "p50 ms", "p95 ms", "p99 ms", "slowest ms", "sent late, p95", "processor per request"],
        [known, *(_line(row) for row in rows)],
    )


def _line(row: Row) -> list[str]:
    seconds = [shot.seconds for shot in row.shots]
    late = load_figures.percentile([shot.late for shot in row.shots], 95) or 0.0
    shares = [(load_figures.percentile(seconds, share) or 0.0) * 1000 for share in KNOWN]
    return [
        row.name, str(len(row.shots)), *(f"{ms:.0f}" for ms in shares), f"{max(seconds) * 1000:.0f}",
        f"{late * 1000:.1f} ms", f"{row.cpu:.2f} ms",
    ]  # fmt: skip


if __name__ == "__main__":
    main()

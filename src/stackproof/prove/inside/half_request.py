"""A request of which the second half is sent once the server has stopped listening: a shutdown in mid-sentence."""

import http.client
import sys
import time
from pathlib import Path

BEGUN = "half is sent"
_LISTENS = "0A"  # of proc(5)


def look(method: str, path: str, headers: dict[str, str], body: str, wait: float, patience: float) -> dict[str, object]:
    """`wait`: seconds after which the rest is sent to a server that goes on listening; `patience`: for the answer."""
    port = int(sys.argv[1])
    data = body.encode()
    middle = len(data) // 2
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=patience)
    begun = stopped = False
    try:
        connection.putrequest(method, path)
        for name, value in {"Content-Type": "application/json", **headers}.items():
            connection.putheader(name, value)
        connection.putheader("Content-Length", str(len(data)))
        connection.endheaders(data[:middle])
        begun = True
        sys.stdout.write(f"{BEGUN}\n")
        sys.stdout.flush()
        stopped = _stops(port, wait)
        connection.send(data[middle:])
        answer = connection.getresponse()
        said = answer.read().decode("utf-8", "replace")[:200]
        return {"begun": begun, "stopped": stopped, "status": answer.status, "said": said}
    except (OSError, http.client.HTTPException) as problem:
        return {"begun": begun, "stopped": stopped, "status": 0, "said": f"{type(problem).__name__}: {problem}"}
    finally:
        connection.close()


def _stops(port: int, wait: float) -> bool:
    until = time.monotonic() + wait
    while time.monotonic() < until:
        if not _listening(port):
            return True
        time.sleep(0.02)
    return False


def _listening(port: int) -> bool:
    lines = (line.split() for name in ("tcp", "tcp6") for line in _sockets(name))
    return any(each[1].endswith(f":{port:04X}") and each[3] == _LISTENS for each in lines if len(each) > 3)


def _sockets(name: str) -> list[str]:
    try:
        return Path("/proc/net", name).read_text().splitlines()
    except FileNotFoundError:
        return []  # no IPv6

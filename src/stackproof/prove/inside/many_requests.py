"""Many requests to the server beside which this runs, each over a connection of its own."""

import http.client
import sys


def look(paths: list[str], headers: dict[str, str], times: int) -> dict[str, dict[str, int]]:
    """So many in all, to one path after the other; how often each status came, "0" for no answer."""
    counts: dict[str, int] = {}
    for number in range(times):
        status = str(_status(int(sys.argv[1]), paths[number % len(paths)], headers))
        counts[status] = counts.get(status, 0) + 1
    return {"counts": counts}


def _status(port: int, path: str, headers: dict[str, str]) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()

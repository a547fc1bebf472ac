"""Many users at once for a while: each asks for the paths in turn. The last line is a report as JSON.

Exit code 0: every answer was below 500, or 429 (the rate limit at work); 1: some were not; 2: nothing was answered.
"""

import argparse
import http.client
import json
import ssl
import sys
import threading
import time
from urllib.parse import urlsplit

Answer = tuple[int, float]  # status, 0 where there was no answer; seconds


def main(words: list[str]) -> int:
    asked = _asked(words)
    answers: list[Answer] = []
    until = time.monotonic() + asked.seconds
    users = [threading.Thread(target=_user, args=(asked, until, answers)) for _ in range(asked.users)]
    for user in users:
        user.start()
    for user in users:
        user.join()
    report = summary(answers, asked.seconds)
    sys.stdout.write(json.dumps(report) + "\n")
    return code(report)


def summary(answers: list[Answer], seconds: float) -> dict[str, object]:
    """Counts by status, and times in milliseconds."""
    times = sorted(1000 * taken for status, taken in answers if status)
    statuses: dict[str, int] = {}
    for status, _ in answers:
        statuses[str(status)] = statuses.get(str(status), 0) + 1
    return {
        "answers": len(times),
        "per_second": round(len(times) / seconds, 1),
        "statuses": dict(sorted(statuses.items())),
        "failed": sum(1 for status, _ in answers if not status or status >= 500),
        "p50_ms": _share(times, 0.5),
        "p95_ms": _share(times, 0.95),
        "p99_ms": _share(times, 0.99),
    }


def code(report: dict[str, object]) -> int:
    if not report["answers"]:
        return 2
    return 1 if report["failed"] else 0


def _share(times: list[float], share: float) -> float | None:
    return round(times[min(int(len(times) * share), len(times) - 1)], 1) if times else None


def _asked(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--pause", type=float, default=0.5, help="seconds that a user waits between two requests")
    parser.add_argument("address")
    parser.add_argument("paths", nargs="+")
    return parser.parse_args(words)


def _user(asked: argparse.Namespace, until: float, answers: list[Answer]) -> None:
    connection = _connection(asked.address)
    turn = 0
    while time.monotonic() < until:
        begun = time.monotonic()
        status = _status(connection, asked.paths[turn % len(asked.paths)])
        answers.append((status, time.monotonic() - begun))
        turn += 1
        time.sleep(max(0.0, min(asked.pause, until - time.monotonic())))
    connection.close()


def _connection(address: str) -> http.client.HTTPConnection:
    """The certificate of stage is self-signed, and this never leaves the stack's network: it is not checked."""
    where = urlsplit(address)
    if where.scheme == "http":
        return http.client.HTTPConnection(where.hostname or "", where.port, timeout=10)
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return http.client.HTTPSConnection(where.hostname or "", where.port, timeout=10, context=context)


def _status(connection: http.client.HTTPConnection, path: str) -> int:
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        return answer.status
    except (OSError, http.client.HTTPException):
        connection.close()
        return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

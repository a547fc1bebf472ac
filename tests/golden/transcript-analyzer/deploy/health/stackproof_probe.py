"""Health probes that need the interpreter alone, written by stackproof.

python stackproof_probe.py http PORT PATH           GET of 127.0.0.1 answers 200; redirects are not followed
python stackproof_probe.py heartbeat FILE SECONDS   the file was touched within so many seconds

Exit code 0: healthy; 1: not, with the reason on standard output, where `docker inspect` shows it.
"""

import sys
import time
from pathlib import Path

_PATIENCE = 2.5  # seconds; below the 3 s after which the engine ends a probe without a word


def http(port: str, path: str) -> str:
    """What is wrong, "" for nothing."""
    from http.client import HTTPConnection, HTTPException  # a heartbeat check must not pay for it

    connection = HTTPConnection("127.0.0.1", int(port), timeout=_PATIENCE)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        said = answer.read(500).decode("utf-8", "replace")
    except (OSError, HTTPException) as problem:
        return f"no answer: {problem!r}"
    finally:
        connection.close()
    return "" if answer.status == 200 else f"{answer.status} {said}"


def heartbeat(file: str, seconds: str) -> str:
    """What is wrong, "" for nothing."""
    try:
        age = time.time() - Path(file).stat().st_mtime
    except FileNotFoundError:
        return "no heartbeat yet"
    return "" if age <= float(seconds) else f"the last heartbeat was {age:.0f} s ago"


def main(kind: str, first: str, second: str) -> int:
    problem = {"http": http, "heartbeat": heartbeat}[kind](first, second)
    sys.stdout.write(problem or "healthy")
    return 1 if problem else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

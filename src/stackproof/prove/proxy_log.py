"""The proxy's access log, line by line: which address answered a request."""

import json
from collections.abc import Callable, Iterator, Mapping

from stackproof.model.running import Running

_WITHIN = 15.0  # seconds for a line to reach the log

Line = Mapping[str, str]


def upstream(running: Running, proxy: str, matches: Callable[[Line], bool]) -> str | None:
    """The address behind the proxy that answered, "" where the proxy did so itself; None where no line tells."""
    begun = running.now()
    while running.now() - begun < _WITHIN:
        for line in _lines(running.logs(proxy)):
            if matches(line):
                return _host(str(line.get("upstream", "")))
        running.pause(0.2)
    return None


def _lines(text: str) -> Iterator[Line]:
    """The newest first."""
    for line in reversed(text.splitlines()):
        if line.startswith("{"):
            try:
                yield json.loads(line)
            except ValueError:
                continue  # half a line: it is still being written


def _host(upstream: str) -> str:
    """Of the last one where several were tried: "172.18.0.3:8000, 172.18.0.4:8000"."""
    last = upstream.replace(" : ", ", ").split(", ")[-1]
    return last.rpartition(":")[0].strip("[]")

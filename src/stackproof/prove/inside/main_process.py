"""The processes of the service in whose container, or under whose mark, this runs: memory, and some variables."""

import os
from pathlib import Path

_MARK = "STACKPROOF_UP"  # of a service's plain processes, where there is no container


def look(names: list[str]) -> dict[str, object]:
    """Resident memory of all of them in bytes; of the main one, the variables of these names that it has."""
    mine = sorted(_marked(os.environ[_MARK]) if _MARK in os.environ else _container())
    environment = _environment(mine[0]) if mine else {}
    return {
        "processes": len(mine),
        "resident": sum(map(_resident, mine)),
        "held": {name: environment[name] for name in names if name in environment},
        "named": sorted(environment),
    }


def _all() -> list[int]:
    return [int(path.name) for path in Path("/proc").glob("[0-9]*") if int(path.name) != os.getpid()]


def _marked(mark: str) -> list[int]:
    return [pid for pid in _all() if _environment(pid).get(_MARK) == mark]


def _container() -> list[int]:
    """The first process and its children: whatever else runs here was brought in from outside, as this was."""
    parents = {pid: int(_status(pid).get("PPid", "0")) for pid in _all()}
    found, fresh = {1}, {1}
    while fresh:
        fresh = {pid for pid, parent in parents.items() if parent in fresh}
        found |= fresh
    return [*found]


def _status(pid: int) -> dict[str, str]:
    try:
        lines = Path("/proc", str(pid), "status").read_text().splitlines()
    except OSError:
        return {}
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def _resident(pid: int) -> int:
    return int(_status(pid).get("VmRSS", "0 kB").split()[0]) * 1024


def _environment(pid: int) -> dict[str, str]:
    try:
        text = Path("/proc", str(pid), "environ").read_bytes().decode("utf-8", "replace")
    except OSError:
        return {}
    return dict(each.split("=", 1) for each in text.split("\0") if "=" in each)

"""Which secrets this container's files and its main process hold: hashes, never a text."""

import hashlib
import os
import re
from pathlib import Path
from urllib.parse import unquote


def look(files: list[str], variables: list[list[str]], marked: str) -> dict[str, object]:
    """`variables`: name, and a pattern whose group is the secret, quoted for a URL unless it is the whole value."""
    where, environment = _main(marked, [name for name, _ in variables])
    return {
        "files": {name: _file(Path(path)) for name, path in _paths(files).items()},
        "from": where,
        "variables": {name: _held(environment.get(name), pattern) for name, pattern in variables},
    }


def _paths(files: list[str]) -> dict[str, str]:
    """As they are, or where a variable says."""
    return {each: each if each.startswith("/") else os.environ.get(each, "") for each in files}


def _file(path: Path) -> str:
    try:
        return _hash(path.read_text("utf-8").removesuffix("\n"))
    except OSError as problem:
        return f"cannot be read ({type(problem).__name__})"


def _main(marked: str, names: list[str]) -> tuple[str, dict[str, str]]:
    """The environment of the service's own process; where this is no container, that of one started like it."""
    if not names or names[0] not in _environment("1"):
        return "a process started like the service's", dict(os.environ)
    for process in sorted((path.name for path in Path("/proc").glob("[0-9]*")), key=int):
        found = _environment(process)
        if names[0] in found and marked not in found[names[0]]:
            return f"process {process}", found
    return "no process", {}


def _environment(process: str) -> dict[str, str]:
    try:
        text = Path("/proc", process, "environ").read_bytes().decode("utf-8", "replace")
    except OSError:
        return {}
    return dict(each.split("=", 1) for each in text.split("\0") if "=" in each)


def _held(value: "str | None", pattern: str) -> str:
    if value is None:
        return "is not set"
    found = re.fullmatch(pattern, value, re.DOTALL)
    if not found:
        return "has another form"
    return _hash(found[1] if found[1] == value else unquote(found[1]))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()

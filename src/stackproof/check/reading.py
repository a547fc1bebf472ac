"""Values of a Compose or Kubernetes document by the type that is wanted: what has another type counts as not there."""

import re
from collections.abc import Mapping
from posixpath import normpath

Node = Mapping[str, object]
_DURATION = re.compile(r"(\d+(?:\.\d+)?)(h|ms|us|ns|m|s)")
_SECONDS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 1e-3, "us": 1e-6, "ns": 1e-9}


def node(value: object) -> Node:
    return value if isinstance(value, dict) else {}


def text(value: object) -> str:
    """Numbers as they are written, too."""
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def items(value: object) -> tuple[object, ...]:
    return tuple(value) if isinstance(value, list | tuple) else ()


def nodes(value: object) -> tuple[Node, ...]:
    return tuple(each for each in items(value) if isinstance(each, dict))


def texts(value: object) -> tuple[str, ...]:
    return tuple(text(each) for each in items(value))


def whole(value: object) -> int | None:
    written = text(value)
    return int(written) if written.isdecimal() else None


def seconds(value: object) -> float | None:
    """ "1m30s"; a bare number is seconds."""
    written = text(value)
    parts = _DURATION.findall(written)
    if parts and "".join(number + unit for number, unit in parts) == written:
        return sum(float(number) * _SECONDS[unit] for number, unit in parts)
    return float(whole(value) or 0) if whole(value) is not None else None


def inside(path: str) -> str | None:
    """A path of the project without dots ("" for the project itself); None for one outside of it."""
    if "://" in path or path.startswith(("/", "~", "git@")):
        return None
    plain = normpath(path or ".")
    return None if plain.startswith("..") else "" if plain == "." else plain

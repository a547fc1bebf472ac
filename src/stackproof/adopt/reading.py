"""Values of a Compose document in its long form: each read as what it should be, or as nothing."""

import re
from collections.abc import Mapping

_DURATION = re.compile(r"([\d.]+)(ms|us|ns|h|m|s)")
_UNITS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 1e-3, "us": 1e-6, "ns": 1e-9}
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([bkmgt]?)(?:i?b)?", re.IGNORECASE)
_POWERS = {"": 0, "b": 0, "k": 1, "m": 2, "g": 3, "t": 4}

Node = Mapping[str, object]


def node(value: object) -> Node:
    return {str(key): each for key, each in value.items()} if isinstance(value, Mapping) else {}


def nodes(value: object) -> tuple[Node, ...]:
    return tuple(node(each) for each in value) if isinstance(value, list | tuple) else ()


def named(value: object) -> Mapping[str, Node]:
    """Mappings by name, as `services`, `volumes` and `depends_on` are; what is empty has nothing in it."""
    return {name: node(each) for name, each in node(value).items()}


def text(value: object) -> str:
    """ "" where there is none; YAML's booleans as Compose writes them."""
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None or isinstance(value, Mapping | list | tuple) else str(value)


def texts(value: object) -> tuple[str, ...]:
    if isinstance(value, list | tuple):
        return tuple(text(each) for each in value)
    return (text(value),) if value is not None else ()


def names(value: object) -> tuple[str, ...]:
    """Of a list of names or a mapping by name."""
    return tuple(node(value)) if isinstance(value, Mapping) else texts(value)


def whole(value: object) -> int | None:
    said = text(value)
    return int(said) if said.isdigit() else None


def number(value: object) -> float:
    try:
        return float(text(value))
    except ValueError:
        return 0.0


def seconds(value: object, usual: float) -> float:
    """A duration as Compose writes it: 1m30s, 250ms."""
    found = _DURATION.findall(text(value))
    return sum(float(number) * _UNITS[unit] for number, unit in found) if found else usual


def megabytes(value: object) -> int:
    """A size in bytes, or with a unit; whole MiB, 0 where there is none."""
    found = _SIZE.fullmatch(text(value))
    return int(float(found[1]) * 1024 ** _POWERS[found[2].lower()]) >> 20 if found else 0

"""What a value in the settings may be: each check gives it back, or raises ValueError with what is wanted instead."""

import ipaddress
import re
from collections.abc import Callable
from typing import Any

Check = Callable[[Any], Any]

_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")
_KINDS = {bool: "true or false", int: "a whole number", float: "a number", str: "text", list: "a list", dict: "a table"}

_GROUP = re.compile(r"[A-Za-z0-9][\w.-]*", re.ASCII)
_DEBIAN = re.compile(r"[a-z0-9][a-z0-9+.-]+")


def kind(value: object) -> str:
    return _KINDS.get(type(value), "a date or time")


def text(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError(f"must be text, not {'empty' if value == '' else kind(value)}")
    return value


def name(value: object) -> str:
    """Goes into names of containers, images and networks."""
    if not _NAME.fullmatch(text(value)):
        raise ValueError(f"is {value!r}: only a-z, 0-9 and - inside, at most 40")
    return str(value)


def one_of(*choices: str) -> Check:
    def check(value: object) -> str:
        if value not in choices:
            raise ValueError(f"must be one of {', '.join(choices)}, not {value!r}")
        return str(value)

    return check


def whole(least: int, most: int) -> Check:
    def check(value: object) -> int:
        if not isinstance(value, int) or isinstance(value, bool):
            raise ValueError(f"must be a whole number, not {kind(value)}")
        if not least <= value <= most:
            raise ValueError(f"is {value}: must be {least} to {most}")
        return value

    return check


def number(least: float, most: float) -> Check:
    def check(value: object) -> float:
        if not isinstance(value, int | float) or isinstance(value, bool):
            raise ValueError(f"must be a number, not {kind(value)}")
        if not least <= value <= most:
            raise ValueError(f"is {value:g}: must be {least:g} to {most:g}")
        return float(value)

    return check


def flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"must be true or false, not {kind(value)}")
    return value


def port_or_false(value: object) -> int | bool:
    if isinstance(value, bool):
        return value
    if not isinstance(value, int):
        raise ValueError(f"must be a port of the host, or false, not {kind(value)}")
    return int(whole(1, 65_535)(value))


def texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not value or not all(isinstance(each, str) and each for each in value):
        raise ValueError('must be a list of texts: ["one", "two"]')
    return tuple(value)


def names_of_groups(value: object) -> tuple[str, ...]:
    """Of extras and dependency groups."""
    return _all(_GROUP, texts(value), "as the manifest has it")


def debian(value: object) -> tuple[str, ...]:
    return _all(_DEBIAN, texts(value), 'of Debian: "libpq5"')


def _all(pattern: re.Pattern[str], found: tuple[str, ...], what: str) -> tuple[str, ...]:
    for each in found:
        if not pattern.fullmatch(each):
            raise ValueError(f"holds {each!r}; needed are names {what}")
    return found


def paths(value: object) -> tuple[str, ...]:
    """Relative to the project and inside it; goes into COPY lines."""
    for path in texts(value):
        if path.startswith("/") or ".." in path.split("/") or not re.fullmatch(r"[\w./+-]+", path):
            raise ValueError(f"holds {path!r}: only paths inside the project, without spaces")
    return texts(value)


def route(value: object) -> str:
    if not text(value).startswith("/") or re.search(r"[\s\x00-\x1f]", str(value)):
        raise ValueError(f'is {value!r}: must be a path such as "/health"')
    return str(value)


def routes(value: object) -> tuple[str, ...]:
    return tuple(route(each) for each in texts(value))


def address(value: object) -> str:
    try:
        return str(ipaddress.ip_address(text(value)))
    except ValueError as problem:
        raise ValueError(f'is {value!r}: must be an IP address such as "127.0.0.1"') from problem


def route_or_false(value: object) -> str | bool:
    if value is False:
        return False
    return str(route(value))


def commands(value: object) -> tuple[tuple[str, ...], ...]:
    """A list of commands in exec form: [["python", "ml/train.py"]]."""
    if not isinstance(value, list) or not value or not all(isinstance(each, list) for each in value):
        raise ValueError('must be a list of commands: [["python", "train.py"]]')
    return tuple(texts(each) for each in value)


def names(value: object) -> tuple[str, ...]:
    return tuple(name(each) for each in texts(value)) if value != [] else ()


def some_of(*choices: str) -> Check:
    def check(value: object) -> tuple[str, ...]:
        return tuple(one_of(*choices)(each) for each in texts(value))

    return check


def pairs(value: object) -> tuple[tuple[str, str], ...]:
    """A table of texts: { "X-Api-Key" = "…" }."""
    if not isinstance(value, dict) or not all(isinstance(each, str) for each in value.values()):
        raise ValueError("must be a table of texts")
    return tuple(value.items())


def host_name(value: object) -> str:
    """Goes into nginx's `server_name` and into a certificate."""
    if not re.fullmatch(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*", text(value)):
        raise ValueError(f'is {value!r}: must be a host name such as "shop.example"')
    return str(value)

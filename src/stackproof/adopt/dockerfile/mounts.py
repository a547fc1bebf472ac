"""The words of `RUN --mount`: refused where BuildKit refuses them."""

import re
from collections.abc import Callable

from stackproof.model import words

_KINDS = ("bind", "cache", "tmpfs", "secret", "ssh")
_SHARING = ("shared", "private", "locked")
_TRUTH = ("1", "t", "T", "TRUE", "true", "True", "0", "f", "F", "FALSE", "false", "False")
_ALONE = ("readonly", "ro", "readwrite", "rw")
_TEXT = ("from", "source", "src", "target", "dst", "destination", "id", "env")


def check(mount: str) -> None:
    """Raises ValueError, with the reason."""
    kind = "bind"
    said: dict[str, str] = {}
    for name, value in words.fields(mount):
        if value is None:
            _alone(name, kind)
            continue
        if name == "from" and re.search(r"\$.", value):
            raise ValueError("`from` of a mount takes no variable; name a stage with FROM … AS")
        if "$" in value:
            said[name] = value
            continue
        kind = value.lower() if name == "type" else kind
        _value(name, value, kind)
        said[name] = value
    _together(kind, said)


def _alone(name: str, kind: str) -> None:
    if name == "required" and kind in ("secret", "ssh"):
        return
    if name not in _ALONE:
        raise ValueError(f"`{name}` of a mount needs a value, or has no place in one of type {kind}")


def _value(name: str, value: str, kind: str) -> None:
    check = _CHECKS.get(name)
    if check is None:
        raise ValueError(f"a mount has no `{name}`")
    if not check(value):
        raise ValueError(f"`{value}` is no {name} of a mount")
    if (name == "required" and kind not in ("secret", "ssh")) or (name == "size" and kind != "tmpfs"):
        raise ValueError(f"`{name}` has no place in a mount of type {kind}")


def _together(kind: str, said: dict[str, str]) -> None:
    wrong = next((name for name in ("mode", "uid", "gid") if name in said), None)
    if wrong and kind in ("bind", "tmpfs"):
        raise ValueError(f"`{wrong}` has no place in a mount of type {kind}")
    if "sharing" in said and kind != "cache":
        raise ValueError(f"`sharing` has no place in a mount of type {kind}")
    source = {"source", "src"} & said.keys()
    target = {"target", "dst", "destination"} & said.keys()
    if kind == "secret":
        if said.get("from"):
            raise ValueError("a secret comes from no stage: `from` has no place in it")
        if not source and not target and "id" not in said:
            raise ValueError("a secret needs an id or a target")
        if source and "id" in said:
            raise ValueError("a secret has an id or a source, not both")
    elif kind != "ssh" and not target:
        raise ValueError(f"a mount of type {kind} needs a target")


def _text(value: str) -> bool:
    return isinstance(value, str)


def _truth(value: str) -> bool:
    return value in _TRUTH


def _number(value: str) -> bool:
    return value.isascii() and value.isdigit() and int(value) < 1 << 32


def _octal(value: str) -> bool:
    return re.fullmatch(r"[0-7]{1,11}", value) is not None


def _size(value: str) -> bool:
    return re.fullmatch(r"\d+(\.\d+)?\s?([kKmMgGtTpP]?i?[bB]?)", value) is not None


_CHECKS: dict[str, Callable[[str], bool]] = {
    **dict.fromkeys(_TEXT, _text),
    "type": lambda value: value.lower() in _KINDS,
    "sharing": lambda value: value.lower() in _SHARING,
    **dict.fromkeys(("readonly", "ro", "readwrite", "rw", "required"), _truth),
    **dict.fromkeys(("uid", "gid"), _number),
    "mode": _octal,
    "size": _size,
}

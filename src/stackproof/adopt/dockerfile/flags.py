"""The flags of an instruction: which there are, and which values they take (Dockerfile frontend 1.26)."""

import re

_FLAGS = {
    "FROM": {"platform": "one"},
    "RUN": {"mount": "many", "network": "one", "security": "one", "device": "many"},
    "COPY": {"from": "one", "chown": "one", "chmod": "one", "link": "switch", "parents": "switch", "exclude": "many"},
    "ADD": {
        "chown": "one",
        "chmod": "one",
        "checksum": "one",
        "link": "switch",
        "keep-git-dir": "switch",
        "unpack": "switch",
        "exclude": "many",
    },
    "HEALTHCHECK": {
        "interval": "one",
        "timeout": "one",
        "start-period": "one",
        "start-interval": "one",
        "retries": "one",
    },
}
_CHOICES = {"network": ("default", "none", "host"), "security": ("sandbox", "insecure")}
_UNQUOTED = re.compile(r"""\\(.)|(['"])|(.)""", re.DOTALL)

Flags = tuple[tuple[str, str], ...]


def split(text: str) -> tuple[tuple[str, ...], str]:
    """The words that begin with two hyphens, quotes taken off, and what follows them."""
    found: list[str] = []
    rest = text.lstrip()
    while rest.startswith("--"):
        word, rest = _word(rest)
        if word == "--":
            break
        found.append(word)
        rest = rest.lstrip()
    return tuple(found), rest.strip()


def _word(text: str) -> tuple[str, str]:
    letters: list[str] = []
    quote = ""
    for each in _UNQUOTED.finditer(text):
        escaped, mark, plain = each.groups()
        if mark and (not quote or mark == quote):
            quote = "" if quote else mark
            continue
        if plain and plain.isspace() and not quote:
            return "".join(letters), text[each.start() :]
        letters.append(escaped or mark or plain)
    return "".join(letters), ""


def checked(keyword: str, said: tuple[str, ...]) -> Flags:
    """Names and values. Raises ValueError, with the reason, where the frontend refuses one."""
    allowed = _FLAGS.get(keyword, {})
    found: list[tuple[str, str]] = []
    for each in said:
        name, equals, value = each[2:].partition("=")
        kind = allowed.get(name)
        if kind is None:
            raise ValueError(f"{keyword} has no flag --{name}")
        if kind != "many" and any(name == other for other, _ in found):
            raise ValueError(f"--{name} is there twice")
        _value(kind, name, equals, value)
        found.append((name, value))
    return tuple(found)


def _value(kind: str, name: str, equals: str, value: str) -> None:
    if kind == "switch":
        if equals and value.lower() not in ("true", "false"):
            raise ValueError(f"--{name} is true or false, not `{value}`")
    elif not equals:
        raise ValueError(f"--{name} needs a value")
    if name in _CHOICES and value not in _CHOICES[name] and "$" not in value:
        raise ValueError(f"--{name} is one of {', '.join(_CHOICES[name])}, not `{value}`")

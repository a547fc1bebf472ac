"""What the words of an instruction name: variables, sources and destination, mounts, probes."""

import csv
import re
from dataclasses import dataclass

from stackproof.model.dockerfile import Heredoc, Instruction

_HEREDOC = re.compile(r"\d*<<-?[^<]+")
_BLANKS = re.compile(r"[\t\v\f\r ]+")
_DURATION = re.compile(r"(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)")
_SECONDS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "μs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}


@dataclass(frozen=True)
class Copied:
    """The paths of a COPY or ADD, as written; `from_` is the stage or image, "" for the build context."""

    sources: tuple[str, ...]
    destination: str
    from_: str = ""
    heredocs: tuple[Heredoc, ...] = ()


@dataclass(frozen=True)
class BuildMount:
    """A `--mount` of RUN. `target` is "" where there is none (a secret's is then /run/secrets/ and its id)."""

    kind: str
    target: str = ""
    source: str = ""
    from_: str = ""
    id: str = ""


def split(text: str) -> tuple[str, ...]:
    """At the blanks of BuildKit, which are those of ASCII."""
    return tuple(filter(None, _BLANKS.split(text)))


def flag(said: Instruction, name: str) -> str | None:
    """The value of the first flag of this name; "" where it has none, None where it is not there."""
    return next((value for each, value in said.flags if each == name), None)


def words(text: str, escape: str = "\\") -> tuple[str, ...]:
    """Split at blanks outside of quotes; quotes and escapes stay. An open quote goes to the end."""
    if not any(letter in text for letter in ("'", '"', escape)):
        return tuple(text.split())
    found: list[str] = []
    word: list[str] = []
    quote = ""
    letters = iter(text)
    for letter in letters:
        if letter.isspace() and not quote:
            if word:
                found.append("".join(word))
            word = []
            continue
        if letter == escape and quote != "'":
            letter += next(letters, "")
        elif letter == quote:
            quote = ""
        elif letter in "'\"" and not quote:
            quote = letter
        word.append(letter)
    return (*found, "".join(word)) if word else tuple(found)


def pairs(said: Instruction, escape: str = "\\") -> tuple[tuple[str, str | None], ...]:
    """ENV, LABEL and ARG: names and values as written, quotes included; None for an ARG without a default."""
    found = words(said.words, escape)
    if said.keyword != "ARG" and found and "=" not in found[0]:
        return (_old(said.words),)
    parts = (each.partition("=") for each in found)
    return tuple((name, value if equals else None) for name, equals, value in parts)


def copied(said: Instruction) -> Copied:
    """Of COPY and ADD."""
    listed = said.exec if said.exec is not None else split(said.words)
    plain = tuple(each for each in listed[:-1] if not _HEREDOC.fullmatch(each))
    return Copied(plain, listed[-1] if listed else "", flag(said, "from") or "", said.heredocs)


def mounts(said: Instruction) -> tuple[BuildMount, ...]:
    return tuple(_mount(value) for name, value in said.flags if name == "mount")


def fields(mount: str) -> tuple[tuple[str, str | None], ...]:
    """The comma-separated words of a mount: `target=/x` is ("target", "/x"), `ro` is ("ro", None)."""
    row = next(csv.reader([mount]), [])
    parts = (each.partition("=") for each in row)
    return tuple((name.lower(), value if equals else None) for name, equals, value in parts)


def probe(said: Instruction) -> tuple[str, ...] | str | None:
    """The command of a HEALTHCHECK: words, or a line for the shell; None for NONE."""
    kind, *rest = said.words.split(maxsplit=1)
    if kind.upper() == "NONE":
        return None
    return said.exec if said.exec is not None else rest[0]


def seconds(duration: str) -> float | None:
    """1m30s, 250ms, 0; None where it is no duration of Go's."""
    text = duration.removeprefix("+")
    if text == "0":
        return 0.0
    found = _DURATION.findall(text)
    if not found or "".join(f"{number}{unit}" for number, unit in found) != text:
        return None
    return sum(float(number) * _SECONDS[unit] for number, unit in found)


def _old(text: str) -> tuple[str, str]:
    """`ENV NAME the rest is the value`."""
    name, *rest = text.strip().split(maxsplit=1)
    return name, rest[0] if rest else ""


def _mount(value: str) -> BuildMount:
    said = {name: each or "" for name, each in fields(value)}
    target = next((said[name] for name in ("target", "dst", "destination") if name in said), "")
    source = next((said[name] for name in ("source", "src") if name in said), "")
    return BuildMount(said.get("type", "bind").lower(), target, source, said.get("from", ""), said.get("id", ""))

"""One logical line into an instruction, refused where BuildKit refuses it."""

import re
from collections.abc import Callable, Mapping

from stackproof.adopt.dockerfile import flags, mounts
from stackproof.adopt.dockerfile.executable import executable
from stackproof.adopt.dockerfile.lines import Logical
from stackproof.errors import UserError
from stackproof.model import words
from stackproof.model.dockerfile import Instruction
from stackproof.model.source import Place

_JSON = ("RUN", "CMD", "ENTRYPOINT", "SHELL", "COPY", "ADD", "VOLUME")
_STAGE = re.compile(r"[a-z][a-z0-9-_.]*", re.ASCII)
_KEYWORD = re.compile(r"\s*([^\t\v\f\r ]+)[\t\v\f\r ]*(.*)", re.DOTALL)
_LEAST = 0.001  # seconds; a shorter time of a health check is refused
_TIMES = ("interval", "timeout", "start-period", "start-interval")


def instruction(line: Logical, path: str, escape: str) -> Instruction:
    """Raises UserError, with path and line."""
    try:
        return _read(line.text, line, path, escape)
    except ValueError as reason:
        raise UserError(
            f"{path}:{line.first} cannot be read: {reason}.",
            fix="Correct the instruction; docs.docker.com/reference/dockerfile has its form.",
        ) from None


def _read(text: str, line: Logical, path: str, escape: str) -> Instruction:
    split = _KEYWORD.fullmatch(text)
    keyword = split[1].upper() if split else ""
    if not split or keyword not in _CHECKS:
        raise ValueError(f"`{text.strip()[:40]}` begins with no instruction of a Dockerfile")
    before, rest = flags.split(split[2]) if keyword != "ONBUILD" else ((), split[2].strip())
    bare = keyword == "HEALTHCHECK" and rest.upper() == "NONE"
    found = Instruction(
        keyword=keyword,
        words=rest,
        seen=Place(path, line.first),
        last=line.last,
        flags=() if bare else flags.checked(keyword, before),
        exec=_executable(keyword, rest),
        heredocs=line.heredocs,
        trigger=_trigger(rest, line, path, escape) if keyword == "ONBUILD" else None,
    )
    _CHECKS[keyword](found, escape)
    return found


def _executable(keyword: str, rest: str) -> tuple[str, ...] | None:
    if keyword == "HEALTHCHECK":
        return executable("".join(rest.split(maxsplit=1)[1:]))
    return executable(rest) if keyword in _JSON else None


def _trigger(rest: str, line: Logical, path: str, escape: str) -> Instruction:
    if not rest:
        raise ValueError("ONBUILD needs an instruction")
    if rest.split()[0].upper() in ("ONBUILD", "FROM", "MAINTAINER"):
        raise ValueError(f"{rest.split()[0].upper()} cannot be the instruction of an ONBUILD")
    return _read(rest, line, path, escape)


def _anything(said: Instruction, escape: str) -> None:
    """CMD and ENTRYPOINT may be empty: that takes away what the base says."""


def _run(said: Instruction, _: str) -> None:
    for name, value in said.flags:
        if name == "mount":
            mounts.check(value)


def _text(said: Instruction, _: str) -> None:
    if not said.words:
        raise ValueError(f"{said.keyword} needs a value")


def _from(said: Instruction, _: str) -> None:
    named = words.split(said.words)
    if not said.words or not (len(named) == 1 or (len(named) == 3 and named[1].lower() == "as")):
        raise ValueError("FROM takes an image, or an image, AS and a name")
    if len(named) == 3 and not _STAGE.fullmatch(named[2].lower()):
        raise ValueError(f"`{named[2]}` is no name for a stage; a letter comes first, then letters, digits, - _ and .")


def _copy(said: Instruction, _: str) -> None:
    listed = said.exec if said.exec is not None else words.split(said.words)
    if len(listed) < 2:
        raise ValueError(f"{said.keyword} needs a source and a destination")
    if said.heredocs and re.fullmatch(r"\d*<<-?[^<]+", listed[-1]):
        raise ValueError(f"a here-document cannot be the destination of {said.keyword}")


def _pairs(said: Instruction, escape: str) -> None:
    _text(said, escape)
    split = words.words(said.words, escape)
    if "=" not in split[0]:
        if len(words.split(said.words)) < 2:
            raise ValueError(f"{said.keyword} {split[0]} has no value; write {split[0]}=value")
        return
    for each in split:
        if "=" not in each:
            raise ValueError(f"`{each}` of {said.keyword} has no `=`; quote values with blanks in them")
    _named(said, escape)


def _named(said: Instruction, escape: str) -> None:
    _text(said, escape)
    if not all(name for name, _ in words.pairs(said, escape)):
        raise ValueError(f"{said.keyword} has a value without a name")


def _shell(said: Instruction, _: str) -> None:
    if not said.exec:
        raise ValueError('SHELL takes an array such as ["/bin/bash", "-c"]')


def _volume(said: Instruction, _: str) -> None:
    if not (said.exec or said.words.split()) or said.exec == ():
        raise ValueError("VOLUME needs a path")
    if any(not each.strip() for each in said.exec or ()):
        raise ValueError("a path of VOLUME is empty")


def _health(said: Instruction, escape: str) -> None:
    _text(said, escape)
    kind, *rest = said.words.split(maxsplit=1)
    if kind.upper() == "NONE":
        if rest:
            raise ValueError("HEALTHCHECK NONE takes nothing more")
        return
    if kind.upper() != "CMD":
        raise ValueError(f"HEALTHCHECK takes NONE, or CMD and a command, not `{kind}`")
    if not rest or said.exec == ():
        raise ValueError("HEALTHCHECK CMD has no command")
    _times(dict(said.flags))


def _times(said: Mapping[str, str]) -> None:
    for name in _TIMES:
        value = said.get(name, "")
        length = words.seconds(value) if value else 0.0
        if length is None:
            raise ValueError(f"--{name} `{value}` is no time such as 30s or 1m30s")
        if 0 < length < _LEAST:
            raise ValueError(f"--{name} cannot be below 1ms")
    tries = said.get("retries", "") or "0"
    if not re.fullmatch(r"\+?\d{1,10}|-0+", tries, re.ASCII) or int(tries) >= 1 << 31:
        raise ValueError(f"--retries `{tries}` is no number of tries")


_CHECKS: Mapping[str, Callable[[Instruction, str], None]] = {
    "ADD": _copy,
    "ARG": _named,
    "CMD": _anything,
    "COPY": _copy,
    "ENTRYPOINT": _anything,
    "ENV": _pairs,
    "EXPOSE": _text,
    "FROM": _from,
    "HEALTHCHECK": _health,
    "LABEL": _pairs,
    "MAINTAINER": _text,
    "ONBUILD": _anything,
    "RUN": _run,
    "SHELL": _shell,
    "STOPSIGNAL": _text,
    "USER": _text,
    "VOLUME": _volume,
    "WORKDIR": _text,
}

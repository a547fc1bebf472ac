"""What an image is started with as far as its Dockerfile says so, the stages below the target included."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from stackproof.model.dockerfile import Dockerfile, Instruction, Stage
from stackproof.model.interpolation import expand
from stackproof.model.scope import Seen, chain, escape, walk
from stackproof.model.source import Place
from stackproof.model.words import pairs

_NONE: Mapping[str, str] = {}
Command = tuple[str, ...] | str  # words, or a line for the shell


@dataclass(frozen=True)
class Effective:
    """`base` is the image below the first stage; "" and () and None where the file does not say.

    `said` is the instruction that decides, by keyword. Variables are filled in where they are known.
    """

    base: str
    stages: tuple[Stage, ...]
    user: str = ""
    workdir: str = ""
    env: Mapping[str, str] = field(default_factory=dict)
    entrypoint: Command = ()
    cmd: Command = ()
    exposed: tuple[str, ...] = ()
    stopsignal: str = ""
    volumes: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    shell: tuple[str, ...] = ("/bin/sh", "-c")
    healthcheck: Instruction | None = None
    said: Mapping[str, Instruction] = field(default_factory=dict)


def effective(file: Dockerfile, stage: Stage, given: Mapping[str, str] = _NONE) -> Effective:
    stages = chain(file, stage)
    seen = walk(file, given)
    listed = [each for part in stages for each in seen[part.index]]
    said: dict[str, Instruction] = {}
    for part in stages:
        said |= _decides(said, part)
    last = {each.said.seen: each for each in listed}
    escaped = escape(file)
    return Effective(
        base=stages[0].base,
        stages=stages,
        user=_text(said.get("USER"), last, escaped),
        workdir=_folder(listed, escaped),
        env=_named(listed, "ENV", escaped),
        entrypoint=command(said.get("ENTRYPOINT")),
        cmd=command(said.get("CMD")),
        exposed=tuple(_listed(listed, "EXPOSE", escaped)),
        stopsignal=_text(said.get("STOPSIGNAL"), last, escaped),
        volumes=tuple(_listed(listed, "VOLUME", escaped)),
        labels=_named(listed, "LABEL", escaped),
        shell=(said["SHELL"].exec if "SHELL" in said else None) or ("/bin/sh", "-c"),
        healthcheck=said.get("HEALTHCHECK"),
        said=said,
    )


def command(said: Instruction | None) -> Command:
    """Of CMD, ENTRYPOINT and RUN."""
    if said is None:
        return ()
    return said.exec if said.exec is not None else said.words


def _decides(before: dict[str, Instruction], stage: Stage) -> dict[str, Instruction]:
    """The last instruction of each kind; an ENTRYPOINT takes away the CMD of the stages below."""
    found = {each.keyword: each for each in stage.instructions}
    if "ENTRYPOINT" in found and "CMD" not in found:
        before.pop("CMD", None)
    return found


def _text(said: Instruction | None, seen: Mapping[Place, Seen], escaped: str) -> str:
    return expand(said.words, seen[said.seen].values, escaped).text if said else ""


def _folder(listed: list[Seen], escaped: str) -> str:
    folder = ""
    for each in listed:
        if each.said.keyword == "WORKDIR":
            path = expand(each.said.words, each.values, escaped).text
            folder = path if path.startswith("/") or not folder else f"{folder.rstrip('/')}/{path}"
    return folder


def _named(listed: list[Seen], keyword: str, escaped: str) -> dict[str, str]:
    return {
        expand(name, each.values, escaped).text: expand(value or "", each.values, escaped).text
        for each in listed
        if each.said.keyword == keyword
        for name, value in pairs(each.said, escaped)
    }


def _listed(listed: list[Seen], keyword: str, escaped: str) -> Iterator[str]:
    for each in listed:
        if each.said.keyword == keyword:
            yield from each.said.exec or expand(each.said.words, each.values, escaped).words

"""A Dockerfile as text or bytes into the noun of the model."""

from collections.abc import Iterator, Mapping, Sequence

from stackproof.adopt.dockerfile import text
from stackproof.adopt.dockerfile.instructions import instruction
from stackproof.adopt.dockerfile.lines import directives, logical
from stackproof.errors import UserError
from stackproof.model.dockerfile import Dockerfile, Instruction, Stage
from stackproof.model.interpolation import expand
from stackproof.model.scope import EXPANDING, expansions, global_values
from stackproof.model.words import flag, pairs, split

_NONE: Mapping[str, str] = {}
MOST = 1_000  # instructions; an image has at most 127 layers
_PAIRS = ("ARG", "ENV", "LABEL")
_LETTERS = 1 << 20  # of all values together once variables are filled in


def load(content: bytes | str, path: str, arguments: Mapping[str, str] = _NONE) -> Dockerfile:
    """`arguments` are those the build is given. Raises UserError, with path and line, where BuildKit would refuse it.

    A base that needs an argument nobody gave stays as it is written.
    """
    lines = text.lines(content, path)
    said = directives(lines, path)
    escape = dict(said).get("escape", "\\")
    found = tuple(instruction(each, path, escape) for each in logical(lines, escape, path))
    if len(found) > MOST:
        raise UserError(
            f"{found[MOST].seen} is instruction {MOST + 1}; stackproof reads {MOST} of one file.",
            fix="Put what is done one by one into a script.",
        )
    if not found:
        raise UserError(f"{path} has no instruction in it.", fix="Begin with FROM and the image to build upon.")
    begin = next((at for at, each in enumerate(found) if each.keyword == "FROM"), len(found))
    _begins(found[: begin + 1], path)
    for each in found:
        _expandable(each, escape)
    above = found[:begin]
    values = _globals(above, arguments, escape)
    file = Dockerfile(path, said, above, tuple(_stages(found[begin:], values, escape)))
    _bounded(file, arguments, escape)
    return file


def _begins(first: Sequence[Instruction], path: str) -> None:
    early = next((each for each in first if each.keyword not in ("ARG", "FROM")), None)
    if early:
        raise UserError(
            f"{early.seen} says {early.keyword} before the first FROM; only ARG may stand there.",
            fix="Begin with FROM and the image to build upon.",
        )
    if first[-1].keyword != "FROM":
        raise UserError(f"{path} has no FROM in it.", fix="Begin with FROM and the image to build upon.")


def _expandable(said: Instruction, escape: str) -> None:
    if said.trigger is not None:
        return  # the build that uses the image reads it
    for each in _texts(said, escape):
        _expanded(said, each, _NONE, escape)


def _texts(said: Instruction, escape: str) -> tuple[str, ...]:
    """What is filled in by itself; the rest is nothing that BuildKit fills in."""
    if said.keyword in _PAIRS:
        return tuple(each or "" for pair in pairs(said, escape) for each in pair)
    return (said.exec or (said.words,)) if said.keyword in EXPANDING else ()


def _expanded(said: Instruction, words: str, values: Mapping[str, str], escape: str) -> tuple[str, tuple[str, ...]]:
    try:
        found = expand(words, values, escape)
    except ValueError as reason:
        raise UserError(
            f"{said.seen} cannot be read: {reason}.", fix="Correct the quotes and the ${…} of this instruction."
        ) from None
    return found.text, found.missing


def _globals(above: tuple[Instruction, ...], arguments: Mapping[str, str], escape: str) -> dict[str, str]:
    try:
        return global_values(above, arguments, escape)
    except ValueError as reason:
        raise UserError(
            f"{above[0].seen if above else 'ARG'} cannot be read: {reason}.", fix="Correct the default of the argument."
        ) from None


def _stages(found: Sequence[Instruction], values: Mapping[str, str], escape: str) -> Iterator[Stage]:
    starts = [at for at, each in enumerate(found) if each.keyword == "FROM"]
    for index, (at, end) in enumerate(zip(starts, [*starts[1:], len(found)], strict=True)):
        said = found[at]
        written, *rest = split(said.words)
        base, missing = _expanded(said, written, values, escape)
        yield Stage(
            index=index,
            name=rest[1].lower() if rest else None,
            base=written if missing or not base else base,
            written=written,
            instructions=tuple(found[at + 1 : end]),
            seen=said.seen,
            platform=flag(said, "platform") or "",
        )


def _bounded(file: Dockerfile, arguments: Mapping[str, str], escape: str) -> None:
    """A few lines of `ENV A=$A$A` would become larger than any memory."""
    letters = 0
    for seen in expansions(file, arguments):
        where = seen.said
        letters += sum(len(_expanded(where, each, seen.values, escape)[0]) for each in _texts(where, escape))
        if letters > _LETTERS:
            raise UserError(
                f"{where.seen} makes the values of the file longer than {_LETTERS} letters.",
                fix="Leave out what repeats a variable within itself.",
            )

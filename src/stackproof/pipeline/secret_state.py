"""The secrets of one environment: made where that is possible, and what is still missing or unfit."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from stackproof.model.work import Progress
from stackproof.tools import secret_files

if TYPE_CHECKING:
    from pathlib import Path

    from stackproof.model.stack import Stack
    from stackproof.model.work import Note


@dataclass(frozen=True)
class SecretNote:
    """A secret that somebody gives, or that we make; derived ones follow by themselves."""

    name: str
    path: str  # relative to the project
    kind: str
    required: bool
    because: str


@dataclass(frozen=True)
class Secrets:
    secrets: tuple[SecretNote, ...]
    made: tuple[str, ...]  # names
    problems: tuple[secret_files.Problem, ...]


def looked_at(root: Path, stack: Stack, *, make: bool) -> Secrets:
    made = secret_files.make_asked(root, stack) if make else ()
    notes = tuple(
        SecretNote(
            each.name,
            secret_files.shown(each.name, stack.environment),
            each.kind,
            each.required,
            f"{each.because.text}: {each.because.seen}" if each.because.seen else each.because.text,
        )
        for each in stack.secrets
        if each.source is None
    )
    return Secrets(notes, made, secret_files.problems(root, stack))


def prepare(root: Path, stack: Stack, left: Set[str], note: Note) -> None:
    """Before a start. Raises UserError with everything that only the user can mend.

    `left` are services that will not run here: what they alone would read need not be there.
    """
    stack = replace(
        stack, secrets=tuple(each for each in stack.secrets if each.name not in _of_these_alone(stack, left))
    )
    if made := secret_files.prepare(root, stack):
        folder = secret_files.shown("", stack.environment)
        note(Progress("up", "secrets", f"made {', '.join(made)} in {folder}", "done"))


def _of_these_alone(stack: Stack, left: Set[str]) -> Set[str]:
    read = {name for service in stack.services if service.name not in left for name in service.secrets}
    unread = {name for service in stack.services if service.name in left for name in service.secrets} - read
    sources = {each.source for each in stack.secrets if each.name in read}
    return unread - sources

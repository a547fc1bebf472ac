"""What a user can set in each environment, as a template for `deploy/env/<environment>.env`."""

import re
from collections.abc import Iterator, Mapping

from stackproof.model.artifacts import Artifact
from stackproof.model.stack import Assignment, EnvironmentName, Stack
from stackproof.render.references import Inside

_PLAIN = re.compile(r"[\w./:@+,%=-]*", re.ASCII)


def used(name: EnvironmentName) -> str:
    """The file that is read, where it is there."""
    return f"deploy/env/{name}.env"


def render(stacks: Mapping[EnvironmentName, Stack]) -> Iterator[Artifact]:
    for stack in stacks.values():
        yield Artifact(f"{used(stack.environment)}.example", "\n".join(_lines(stack)) + "\n")


def _lines(stack: Stack) -> Iterator[str]:
    read = _read(stack)
    yield f"# Copy to {used(stack.environment)} and fill in; no line is needed where the default is right."
    yield "# Written by stackproof: one line for every variable that the code reads."
    theirs = [each for each in read if each.settable]
    optional = [each for each in theirs if not each.required]
    yield from _group("Required: nothing starts without them", [each for each in theirs if each.required])
    yield from _group("Secrets, optional", [each for each in optional if each.secret])
    yield from _group("Optional, with their defaults", [each for each in optional if not each.secret])
    files = [each for each in read if not each.settable and each.secret]
    yield from _secrets(stack, files)
    fixed = [each for each in read if not each.settable and not each.secret]
    yield from _group("Set by the stack; a line here changes nothing", fixed, _inside(stack))


def _group(title: str, members: list[Assignment], inside: Inside | None = None) -> Iterator[str]:
    if not members:
        return
    yield ""
    yield f"# --- {title}"
    for each in members:
        yield f"# {each.because.text}: {each.because.seen}{' (secret)' if each.secret else ''}"
        yield f"# {each.name}={inside.text(each.value or '')}" if inside else _line(each)


def _secrets(stack: Stack, members: list[Assignment]) -> Iterator[str]:
    """They are no variables: what lies in the files reaches the code, a line in this one does not."""
    if stack.secrets:
        yield ""
        yield f"# --- Secrets: files, made or asked for by `stackproof secrets --env {stack.environment}`"
        for secret in stack.secrets:
            if secret.source is None:
                yield f"# deploy/secrets/{stack.environment}/{secret.name}: {secret.because.text}"
    for each in members:
        yield f"# {each.because.text}: {each.because.seen}"
        yield f"# {each.name}="


def _line(assignment: Assignment) -> str:
    """Empty would be set as empty: what has no default stands behind a comment sign, unless it must be given."""
    if assignment.value is None:
        return f"{assignment.name}=" if assignment.required else f"# {assignment.name}="
    return f"{assignment.name}={quoted(assignment.value)}"


def quoted(value: str) -> str:
    """As Compose's reader of env files takes it back unchanged: single quotes keep everything, `$` too."""
    if _PLAIN.fullmatch(value):
        return value
    if "'" not in value and "\n" not in value:
        return f"'{value}'"
    for plain, escaped in (("\\", "\\\\"), ('"', '\\"'), ("$", "\\$"), ("\n", "\\n")):
        value = value.replace(plain, escaped)
    return f'"{value}"'


def _read(stack: Stack) -> list[Assignment]:
    """Every variable that the code reads, once, by name; what only a store's image reads is not the project's."""
    services = [service for service in stack.services if service.built]
    known = {each.name: each for service in services for each in service.environment if each.because.seen}
    return [known[name] for name in sorted(known)]


def _inside(stack: Stack) -> Inside:
    return Inside(stack, next(service for service in stack.services if service.python))

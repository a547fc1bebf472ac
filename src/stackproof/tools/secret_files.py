"""The secrets of one environment as files in `deploy/secrets/<environment>`: made, looked at, derived from each other.

The folder is its owner's alone; a file in it may be read by everybody who is let in, for a container that mounts it
runs as another user. What lies there is never overwritten, except for what is derived anew from something else.
"""

import os
import re
import secrets
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from stackproof.errors import ToolFailed, UserError
from stackproof.model.stack import EnvironmentName, Secret, Stack
from stackproof.tools import certificates, derived_secrets

_DERIVED = ("redis-acl", "redis-exporter")
_PAIR = ("tls-certificate", "tls-key")
_SHORTEST, _FEWEST = 16, 6  # characters, different ones
_PLACEHOLDER = re.compile(
    r"change[-_ ]?(me|this|it)|place[-_ ]?holder|replace[-_ ]?(me|this)|your[-_ ](secret|password|key|token)|password"
    r"|passw0rd|example|insecure|dummy|todo|fixme|secret|default|admin|letmein|qwerty|x{6,}|<[\w -]*>",
    re.IGNORECASE,
)
_AWKWARD = "$\"'\\#:@%/?&;!`*{}|<>^~ ,=+[]()"  # what a file, a shell, a URL or a parser on the way could stumble over
_MODE = 0o444


@dataclass(frozen=True)
class Problem:
    """What is wrong with a secret's file, and what to do about it."""

    name: str
    path: str  # relative to the project
    what: str
    fix: str


def folder(root: Path, environment: EnvironmentName) -> Path:
    return root / "deploy" / "secrets" / environment


def shown(name: str, environment: EnvironmentName) -> str:
    """The file's path as a message names it."""
    return f"deploy/secrets/{environment}/{name}"


def text(path: Path) -> str:
    """A secret is what its file holds, without one line end at its end."""
    return path.read_text(encoding="utf-8").removesuffix("\n")


def prepare(root: Path, stack: Stack) -> tuple[str, ...]:
    """Before a start: make what may be made unasked, refuse what is not fit, derive the rest; names of what was made.

    Raises UserError with everything that is missing or wrong, ToolFailed where the disk does not take it.
    """
    made = make(root, stack, [secret for secret in stack.secrets if secret.generated])
    check(root, stack)
    derive(root, stack)
    return made


def make_asked(root: Path, stack: Stack) -> tuple[str, ...]:
    """What `stackproof secrets` makes: also the passwords that a start in stage or prod would not make by itself."""
    made = make(root, stack, [secret for secret in stack.secrets if secret.generated or secret.kind == "password"])
    derive(root, stack)
    return made


def make_for_proof(root: Path, stack: Stack) -> None:
    """All of them, in a folder that is the proof's own: passwords with every letter that a file on the way could spoil.

    A given one is random, too: a proof uses nobody's real key.
    """
    make(root, stack, stack.secrets, _awkward)
    derive(root, stack)


def _random() -> str:
    return secrets.token_urlsafe(32)


def _awkward() -> str:
    """64 characters; a letter at both ends, for what trims spaces is not what is tried here."""
    between = list(_AWKWARD + secrets.token_urlsafe(48))[:62]
    secrets.SystemRandom().shuffle(between)
    return f"a{''.join(between)}z"


def make(root: Path, stack: Stack, chosen: Iterable[Secret], password: Callable[[], str] = _random) -> tuple[str, ...]:
    """Those of them that are not there; names of what was made.

    An optional one that nobody gave becomes an empty file, for it is mounted all the same.
    Raises ToolFailed where the disk does not take it.
    """
    place, wanted = folder(root, stack.environment), list(chosen)
    with _in_words(place):
        missing = [secret for secret in wanted if not (place / secret.name).exists()]
        texts = dict(_texts(stack, missing, password))
        for name, content in texts.items():
            _put(place, name, content, replace=False)
        for secret in stack.secrets:
            if not secret.required and secret.kind == "given" and not (place / secret.name).exists():
                _put(place, secret.name, "", replace=False)
    return tuple(texts)


def derive(root: Path, stack: Stack) -> None:
    """Write anew what follows from another secret; one whose source is not there, or unfit, is left."""
    place = folder(root, stack.environment)
    unfit = {problem.name for problem in problems(root, stack)}
    with _in_words(place):
        for secret in stack.secrets:
            if secret.kind in _DERIVED and secret.source and secret.source not in unfit:
                _put_derived(place, secret.name, derived_secrets.derived(stack, secret, text(place / secret.source)))


def check(root: Path, stack: Stack) -> None:
    """Raises UserError that lists everything which is missing, or not fit for this environment."""
    found = problems(root, stack)
    if not found:
        return
    lines = [f"  {each.path}: {each.what}; {each.fix}" for each in found]
    raise UserError(
        "\n".join([f"{stack.name} cannot start with its secrets as they are:", *lines]),
        fix=f"Then look again: stackproof secrets --env {stack.environment} --check",
    )


def problems(root: Path, stack: Stack) -> tuple[Problem, ...]:
    """In the order of the stack's secrets; derived ones follow from others and have none of their own."""
    place = folder(root, stack.environment)
    asked = [secret for secret in stack.secrets if secret.kind not in _DERIVED]
    return tuple(problem for secret in asked if (problem := _problem(stack, secret, place)))


def _problem(stack: Stack, secret: Secret, place: Path) -> Problem | None:
    path = place / secret.name
    try:
        data = path.read_bytes() if path.is_file() else None
    except OSError as problem:
        return _said(stack, secret, f"cannot be read ({problem.strerror})", "make it readable for you")
    if data is None:
        return _said(stack, secret, "is missing", _way_to_get(stack, secret, place)) if secret.required else None
    if not data.strip():
        return _said(stack, secret, "is empty", _way_to_get(stack, secret, place)) if secret.required else None
    if secret.kind in _PAIR:
        return _pair_problem(stack, secret, place, data)
    what, fix = _text_problem(data, strict=stack.environment != "dev")
    return _said(stack, secret, what, fix) if what else None


def _said(stack: Stack, secret: Secret, what: str, fix: str) -> Problem:
    return Problem(secret.name, shown(secret.name, stack.environment), what, fix)


def _way_to_get(stack: Stack, secret: Secret, place: Path) -> str:
    others = [each.name for each in stack.secrets if each.kind in _PAIR and each != secret]
    if secret.kind in _PAIR and secret.generated and any((place / name).exists() for name in others):
        return f"remove {', '.join(others)} too, and both are made again"
    if secret.kind == "password" or secret.generated:
        return f"make it: stackproof secrets --env {stack.environment}"
    if secret.kind in _PAIR:
        return "put the PEM file there that your certificate authority gave you"
    return f"only you can know it: write it there ({secret.because.text})"


def _text_problem(data: bytes, *, strict: bool) -> tuple[str, str]:
    """What is wrong with a secret's text and the way out, both "" for nothing. The text itself is never shown."""
    fix = "write it as one line of UTF-8 text"
    try:
        said = data.decode("utf-8").removesuffix("\n")
    except UnicodeDecodeError:
        return "is not UTF-8 text", fix
    if said.endswith("\r"):
        return "has a line end of Windows (CRLF), which would become a part of the secret", fix
    if "\n" in said or "\r" in said:
        return "has more than one line", fix
    if not said.isprintable():
        return "holds a letter that cannot be printed", fix
    if said != said.strip():
        return "begins or ends with a space", fix
    return _weakness(said) if strict else ("", "")


def _weakness(said: str) -> tuple[str, str]:
    fix = "take a long random one, for example from `openssl rand -hex 32`"
    rest = _PLACEHOLDER.sub("", said)
    if rest != said and len(rest) < _SHORTEST:
        return "looks like a placeholder", fix
    if len(said) < _SHORTEST:
        return f"is weak: shorter than {_SHORTEST} characters", fix
    if len(set(said)) < _FEWEST:
        return f"is weak: it is made of {len(set(said))} different characters", fix
    return "", ""


def _pair_problem(stack: Stack, secret: Secret, place: Path, data: bytes) -> Problem | None:
    if secret.kind == "tls-certificate":
        what = certificates.certificate_problem(data)
    else:
        other = next((place / each.name for each in stack.secrets if each.kind == "tls-certificate"), place)
        what = certificates.key_problem(data, other.read_bytes() if other.is_file() else b"")
    again = "remove certificate and key, and both are made again" if secret.generated else "put the right file there"
    return _said(stack, secret, what, again) if what else None


def _texts(stack: Stack, missing: list[Secret], password: Callable[[], str]) -> Iterator[tuple[str, str]]:
    yield from _pair(stack, missing)
    for secret in missing:
        if secret.kind in ("password", "given"):
            yield secret.name, password()


def _pair(stack: Stack, missing: list[Secret]) -> Iterator[tuple[str, str]]:
    """Both at once or none: a new key beside an older certificate would fit nothing."""
    pair = {str(secret.kind): secret for secret in stack.secrets if secret.kind in _PAIR}
    if len(pair) == len(_PAIR) and all(secret in missing for secret in pair.values()):
        made = certificates.self_signed(stack.proxy.server_name if stack.proxy else "_")
        yield from zip((pair[kind].name for kind in _PAIR), made, strict=True)


def _put_derived(place: Path, name: str, content: str) -> None:
    """The same file stays where it says the same: a container that runs has mounted exactly that one."""
    if not (place / name).is_file() or text(place / name) != content.removesuffix("\n"):
        _put(place, name, content, replace=True)


def _put(place: Path, name: str, content: str, *, replace: bool) -> None:
    """Whole or not at all; a name that is taken meanwhile stays whose it is, unless it is ours to `replace`."""
    _open_folder(place)
    handle, part = tempfile.mkstemp(dir=place, prefix=f".{name}-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(content)
            os.fchmod(file.fileno(), _MODE)
        if replace:
            Path(part).replace(place / name)
        else:
            os.link(part, place / name)
    except FileExistsError:
        return
    finally:
        Path(part).unlink(missing_ok=True)


def _open_folder(place: Path) -> None:
    place.mkdir(parents=True, exist_ok=True)
    place.chmod(0o700)
    ignore = place / ".gitignore"
    if not ignore.exists():
        ignore.write_text("*\n")


@contextmanager
def _in_words(place: Path) -> Iterator[None]:
    """An error of the disk, with the file and the way out."""
    try:
        yield
    except OSError as problem:
        raise ToolFailed(
            f"{problem.filename or place} could not be written: {problem.strerror}",
            fix="Make the project's folder writable for you, and see that its disk is not full.",
        ) from problem

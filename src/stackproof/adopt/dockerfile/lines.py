"""Numbered lines into logical ones: directives, continuation, comments and here-documents, as BuildKit reads them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from stackproof.adopt.dockerfile.executable import executable
from stackproof.errors import UserError
from stackproof.model.dockerfile import Heredoc
from stackproof.model.interpolation import expand

_DIRECTIVE = re.compile(r"#\s*([a-zA-Z][a-zA-Z0-9]*)\s*=\s*(.+?)\s*", re.ASCII)
_KNOWN = ("syntax", "escape", "check")
_HEREDOC = re.compile(r"\d*<<(-?)([^<]+)")
_WITH_HEREDOC = re.compile(r"\s*(?:ONBUILD\s+)?(RUN|COPY|ADD)\s+(?:--\S+\s+)*(.*)", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True)
class Logical:
    """One instruction as text; `first` and `last` are 1-based."""

    text: str
    first: int
    last: int
    heredocs: tuple[Heredoc, ...] = ()


def directives(lines: Sequence[str], path: str) -> tuple[tuple[str, str], ...]:
    """Those above everything else; the first line that is none ends them. Raises UserError."""
    found: dict[str, str] = {}
    for number, line in enumerate(lines, 1):
        said = _DIRECTIVE.fullmatch(line.lstrip())
        if not said or said[1].lower() not in _KNOWN:
            break
        name = said[1].lower()
        if name in found:
            raise UserError(f"{path}:{number} has the directive {name} again.", fix="Leave one of them.")
        if name == "escape" and said[2] not in ("\\", "`"):
            raise UserError(
                f"{path}:{number} makes `{said[2]}` the escape letter; only \\ and ` can be.",
                fix="Write `# escape=\\` or `# escape=` followed by a backtick.",
            )
        found[name] = said[2]
    return tuple(found.items())


def logical(lines: Sequence[str], escape: str, path: str) -> Iterator[Logical]:
    """Raises UserError for a here-document that never ends."""
    continued = re.compile(rf"(?:^|(?<=[^{re.escape(escape)}])){re.escape(escape)}[ \t]*$")
    at = 0
    while at < len(lines):
        first = at
        line = _uncommented(lines[at].lstrip())
        at += 1
        parts = []
        while found := continued.search(line):
            parts.append(line[: found.start()])
            at, line = _next(lines, at)
        text = "".join((*parts, line))
        if not text and not parts:
            continue
        heredocs, at = _heredocs(lines, at, text, escape, f"{path}:{first + 1}")
        yield Logical(text, first + 1, max(at, first + 1), heredocs)


def _uncommented(line: str) -> str:
    return "" if line.startswith("#") else line


def _next(lines: Sequence[str], at: int) -> tuple[int, str]:
    """The line that continues another: comments and empty lines between them do not count; "" at the end."""
    while at < len(lines):
        line = lines[at]
        at += 1
        if line.strip() and not line.lstrip().startswith("#"):
            return at, line
    return at, ""


def _heredocs(lines: Sequence[str], at: int, text: str, escape: str, where: str) -> tuple[tuple[Heredoc, ...], int]:
    said = _WITH_HEREDOC.match(text) if "<<" in text else None
    if not said:
        return (), at
    try:
        if executable(said[2]) is not None:
            return (), at
        words = expand(text, {}, escape, raw=True).words
    except ValueError as reason:
        raise UserError(f"{where} cannot be read: {reason}.", fix="Close what is open, or escape it.") from None
    found: list[Heredoc] = []
    for word in words:
        if begun := _begun(word, escape):
            body, at = _body(lines, at, begun, where)
            found.append(body)
    return tuple(found), at


def _begun(word: str, escape: str) -> Heredoc | None:
    said = _HEREDOC.fullmatch(word)
    if not said:
        return None
    names = expand(said[2], {}, escape).words
    if len(names) != 1:
        return None
    return Heredoc(names[0], "", expand=names[0] == said[2], strip=bool(said[1]))


def _body(lines: Sequence[str], at: int, begun: Heredoc, where: str) -> tuple[Heredoc, int]:
    body: list[str] = []
    while at < len(lines):
        line = lines[at].lstrip("\t") if begun.strip else lines[at]
        at += 1
        if line == begun.name:
            text = "".join(f"{each}\n" for each in body)
            return Heredoc(begun.name, text, begun.expand, begun.strip), at
        body.append(line)
    raise UserError(
        f"{where} begins a here-document that never ends.",
        fix=f"End it with a line that says {begun.name} and no more.",
    )

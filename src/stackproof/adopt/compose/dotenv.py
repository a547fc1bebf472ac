"""The text of a `.env` file into variables: quotes, comments, export, several lines, variables in values."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from stackproof.adopt.compose.interpolation import Filling, substituted
from stackproof.adopt.compose.values import refused
from stackproof.model.composition import Interpolated
from stackproof.model.source import Place

_BLANK = re.compile(r"(\s+|#[^\n]*)+")
_EXPORT = re.compile(r"export[ \t]+")
_KEY = re.compile(r"([^\S\n]*[\w.\-\[\]]+)[^\S\n]*([=:]|\n|$)")
_COMMENT = re.compile(r"\s#.*$")
_ESCAPE = re.compile(r"\\([abcfnrtv\"$\\])")
_MEANT = {"n": "\n", "r": "\r", "t": "\t", "a": "\a", "b": "\b", "f": "\f", "v": "\v", "$": "$$"}


@dataclass
class _Cursor:
    text: str
    path: str
    position: int = 0

    @property
    def place(self) -> Place:
        return Place(self.path, self.text.count("\n", 0, self.position) + 1)


def parsed(path: str, data: bytes, environment: Mapping[str, str]) -> dict[str, str]:
    """The variables of one file; `environment` fills in those that its values name, and those without a value.

    Raises UserError with path and line for what Compose would refuse.
    """
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise refused(Place(path), "is not UTF-8", "Save it as UTF-8.") from None
    cursor, found = _Cursor(text, path), dict[str, str]()
    while _skip(cursor):
        key, has_value = _key(cursor)
        if has_value:
            found[key] = _value(cursor, {**found, **environment})
        elif key in environment:
            found[key] = environment[key]
    return found


def _skip(cursor: _Cursor) -> bool:
    """Past blanks and comments; whether anything is left."""
    if blank := _BLANK.match(cursor.text, cursor.position):
        cursor.position = blank.end()
    return cursor.position < len(cursor.text)


def _key(cursor: _Cursor) -> tuple[str, bool]:
    if export := _EXPORT.match(cursor.text, cursor.position):
        cursor.position = export.end()
    found = _KEY.match(cursor.text, cursor.position)
    if found is None:
        line = cursor.text[cursor.position :].partition("\n")[0]
        raise refused(cursor.place, f"{line[:60]!r} is no NAME=value", "Write NAME=value, or # before a comment.")
    cursor.position = found.end()
    return found[1].strip(), found[2] in ("=", ":")


def _value(cursor: _Cursor, environment: Mapping[str, str]) -> str:
    while cursor.text[cursor.position : cursor.position + 1] in (" ", "\t"):
        cursor.position += 1
    quote = cursor.text[cursor.position : cursor.position + 1]
    if quote in ("'", '"'):
        place, inside = cursor.place, _quoted(cursor, quote)
        return inside if quote == "'" else _filled(_ESCAPE.sub(_unescaped, inside), environment, place)
    place, start = cursor.place, cursor.position
    end = cursor.text.find("\n", start)
    cursor.position = len(cursor.text) if end < 0 else end
    line = cursor.text[start : cursor.position]
    return _filled(_COMMENT.sub("", line).rstrip(), environment, place)


def _quoted(cursor: _Cursor, quote: str) -> str:
    start = end = cursor.position + 1
    while (end := cursor.text.find(quote, end)) >= 0:
        if cursor.text[end - 1] != "\\":
            cursor.position = end + 1
            return cursor.text[start:end]
        end += 1
    raise refused(cursor.place, "has a quote that nothing closes", f"Put {quote} at the end of the value.")


def _unescaped(found: re.Match[str]) -> str:
    return _MEANT.get(found[1], found[1] if found[1] in '"\\' else found[0])


def _filled(text: str, environment: Mapping[str, str], place: Place) -> str:
    return substituted(text, Filling(environment, _unnoted), place) if "$" in text else text


def _unnoted(_: Interpolated) -> None:
    """Which variables a .env file reads is of no interest to anybody yet."""

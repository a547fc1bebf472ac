"""Variables of a Compose file filled in: `$X`, `${X}` and the operators :- - :? ? :+ +, nested as they come."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from stackproof.adopt.compose.values import DEEPEST, Map, Seq, refused
from stackproof.model.composition import Interpolated
from stackproof.model.source import Place

_NAME = re.compile(r"[_a-zA-Z][_a-zA-Z0-9]*")
_OPERATOR = re.compile(r":?[-?+]")
_FIX = "Write $$ for a dollar sign, ${NAME} or ${NAME:-default} for a variable."

Note = Callable[[Interpolated], None]


@dataclass(frozen=True)
class Filling:
    """What variables are filled in from; `note` is told of each one that is read."""

    environment: Mapping[str, str]
    note: Note


def interpolated(value: object, filling: Filling, place: Place) -> object:
    """Every text below a value filled in, in place. Keys are left as they are."""
    if isinstance(value, Map):
        for key, each in value.items():
            value[key] = interpolated(each, filling, value.place_of(key))
    elif isinstance(value, Seq):
        for number, (each, where) in enumerate(list(value.parts())):
            value[number] = interpolated(each, filling, where)
    elif isinstance(value, str) and "$" in value:
        return substituted(value, filling, place)
    return value


def substituted(text: str, filling: Filling, place: Place, depth: int = 0) -> str:
    """One text; a dollar sign that begins no variable stays. Raises UserError for braces that hold no variable."""
    if depth > DEEPEST:
        raise refused(place, f"has variables nested more than {DEEPEST} deep", "Write the default as plain text.")
    found: list[str] = []
    position = 0
    while (dollar := text.find("$", position)) >= 0:
        found.append(text[position:dollar])
        filled, position = _variable(text, dollar + 1, filling, place, depth)
        found.append(filled)
    return "".join((*found, text[position:]))


def _variable(text: str, start: int, filling: Filling, place: Place, depth: int) -> tuple[str, int]:
    """What stands for the variable whose dollar sign ends before `start`, and where the text goes on."""
    if text.startswith("$", start):
        return "$", start + 1
    if text.startswith("{", start):
        end = _closing(text, start)
        if end is None:
            raise refused(place, f"{text!r} opens a variable that nothing closes", _FIX)
        return _braced(text[start + 1 : end], filling, place, depth), end + 1
    name = _NAME.match(text, start)
    if name is None:
        return "$", start
    return _value(name[0], None, False, filling, place) or "", name.end()


def _closing(text: str, start: int) -> int | None:
    """The brace that closes the one at `start`; a default may hold variables with braces of their own."""
    depth, position = 1, start + 1
    while position < len(text):
        if text.startswith("${", position):
            depth, position = depth + 1, position + 1
        elif text[position] == "}":
            depth -= 1
            if depth == 0:
                return position
        position += 1
    return None


def _braced(inside: str, filling: Filling, place: Place, depth: int) -> str:
    name = _NAME.match(inside)
    operator = _OPERATOR.match(inside, name.end()) if name else None
    if name is None or (operator is None and name.end() != len(inside)):
        raise refused(place, f"${{{inside}}} is no variable", _FIX)
    if operator is None:
        return _value(name[0], None, False, filling, place) or ""
    rest = inside[operator.end() :]
    kind = operator[0][-1]
    value = _value(name[0], rest if kind == "-" else None, kind == "?", filling, place)
    there = bool(value) if operator[0].startswith(":") else value is not None
    if kind == "+":
        return substituted(rest, filling, place, depth + 1) if there else ""
    if there or kind == "?":
        return value or ""
    return substituted(rest, filling, place, depth + 1)


def _value(name: str, default: str | None, required: bool, filling: Filling, place: Place) -> str | None:
    value = filling.environment.get(name)
    filling.note(Interpolated(name, default, required, value, place))
    return value

"""Values of a Compose file held against what they should be, refused with their line."""

from collections.abc import Iterable

from stackproof.adopt.compose.units import SCALARS
from stackproof.adopt.compose.values import Map, Seq, refused, shown
from stackproof.errors import UserError
from stackproof.model.composition import Path
from stackproof.model.source import Place

_FIX = "Give it such a value, or take the key out."


def scalar(value: object, kind: str, path: Path, place: Place) -> object:
    read, meant = SCALARS[kind]
    try:
        return read(value)
    except ValueError:
        raise wrong(path, place, meant) from None


def refuse_twice(items: Seq, path: Path) -> None:
    seen: set[object] = set()
    for each, where in items.parts():
        if isinstance(each, str) and each in seen:
            raise refused(where, f"{shown(path)} says {each} twice", "Keep one of the two; Compose refuses both.")
        seen.add(each if isinstance(each, str) else id(each))


def new_map(value: Map | Seq) -> Map:
    found = Map(value.place)
    found.replaces = value.replaces
    return found


def new_list(value: Seq) -> Seq:
    found = Seq(value.place)
    found.replaces = value.replaces
    return found


def one(value: object, place: Place) -> Seq:
    return many((value,), place)


def many(values: Iterable[object], place: Place) -> Seq:
    found = Seq(place)
    for each in values:
        found.add(each, place)
    return found


def as_map(value: object, path: Path, place: Place) -> Map:
    if not isinstance(value, Map):
        raise wrong(path, place, "a mapping")
    return value


def as_list(value: object, path: Path, place: Place) -> Seq:
    if not isinstance(value, Seq):
        raise wrong(path, place, "a list")
    return value


def wrong(path: Path, place: Place, meant: str) -> UserError:
    return refused(place, f"{shown(path) or 'the file'} should be {meant}", _FIX)

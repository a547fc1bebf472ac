"""Mappings and lists of a Compose file that know the line of each of their parts."""

from collections.abc import Iterator
from typing import Final

from stackproof.errors import UserError
from stackproof.model.composition import Path
from stackproof.model.source import Place

MOST_VALUES = 100_000  # of one load, aliases and extends filled in; the largest real files have some thousands
DEEPEST = 60


class Reset:
    """What `!reset` stands for: the value below it is taken away."""


RESET: Final = Reset()


class Map(dict[str, object]):
    """A mapping; `at` has the place of each key. `replaces`: `!override`, so it is not merged into what is below."""

    def __init__(self, place: Place) -> None:
        super().__init__()
        self.place = place
        self.at: dict[str, Place] = {}
        self.replaces = False

    def put(self, key: str, value: object, place: Place) -> None:
        self[key] = value
        self.at[key] = place

    def place_of(self, key: str) -> Place:
        return self.at.get(key, self.place)


class Seq(list[object]):
    """A list; `at` has the place of each item."""

    def __init__(self, place: Place) -> None:
        super().__init__()
        self.place = place
        self.at: list[Place] = []
        self.replaces = False

    def add(self, value: object, place: Place) -> None:
        self.append(value)
        self.at.append(place)

    def parts(self) -> Iterator[tuple[object, Place]]:
        return zip(self, self.at, strict=True)


class Budget:
    """How many values a load may still make; what aliases multiply is refused before it fills the memory."""

    def __init__(self) -> None:
        self.left = MOST_VALUES

    def spend(self, place: Place) -> None:
        self.left -= 1
        if self.left < 0:
            raise refused(
                place, f"has more than {MOST_VALUES:,} values", "Split it up, or use fewer aliases of large parts."
            )


def copied(value: object, budget: Budget, place: Place) -> object:
    """The same value once more, to be changed by itself."""
    budget.spend(place)
    if isinstance(value, Map):
        mapping = Map(value.place)
        mapping.replaces = value.replaces
        for key, each in value.items():
            mapping.put(key, copied(each, budget, place), value.place_of(key))
        return mapping
    if isinstance(value, Seq):
        items = Seq(value.place)
        items.replaces = value.replaces
        for each, where in value.parts():
            items.add(copied(each, budget, place), where)
        return items
    return value


def plain(value: object) -> object:
    """The value as ordinary dicts and lists."""
    if isinstance(value, Map):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [plain(each) for each in value]
    return value


def places(value: object, path: Path = ()) -> Iterator[tuple[Path, Place]]:
    """The place of each key and item below a value."""
    if isinstance(value, Map):
        for key, each in value.items():
            yield (*path, key), value.place_of(key)
            yield from places(each, (*path, key))
    elif isinstance(value, Seq):
        for number, (each, where) in enumerate(value.parts()):
            yield (*path, number), where
            yield from places(each, (*path, number))


def refused(place: Place, problem: str, fix: str) -> UserError:
    return UserError(f"{place}: {problem}", fix=fix)


def shown(path: Path) -> str:
    """The way to a value as Compose writes it: services.api.ports.0."""
    return ".".join(str(each) for each in path)

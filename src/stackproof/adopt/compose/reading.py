"""The bytes of a YAML file into mappings and lists with lines: no tag makes an object, no alias multiplies unseen."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import cast

import yaml

from stackproof.adopt.compose.scalars import resolved
from stackproof.adopt.compose.scalars import text as as_text
from stackproof.adopt.compose.values import DEEPEST, RESET, Budget, Map, Seq, copied, refused
from stackproof.model.source import Place

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_YAML_TAG = "tag:yaml.org,2002:"
_LARGEST = 4 << 20  # bytes


def documents(path: str, data: bytes, budget: Budget) -> Iterator[object]:
    """The documents of a file. Raises UserError with path and line for what is not YAML."""
    if len(data) > _LARGEST:
        raise refused(Place(path), f"is larger than {_LARGEST >> 20} MiB", "Give the Compose file itself.")
    try:
        yield from _Reader(path, budget, yaml.parse(data, Loader=_LOADER)).documents()
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        problem = " ".join(filter(None, (error.context, error.problem)))
        raise refused(Place(path, line), f"is not YAML: {problem}", "Mend that line.") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise refused(
            Place(path), f"is not YAML: {str(error).splitlines()[0]}", "Save it as UTF-8 without control characters."
        ) from None


@dataclass
class _Reader:
    path: str
    budget: Budget
    events: Iterator[yaml.Event]
    anchors: dict[str, object] = field(default_factory=dict)

    def documents(self) -> Iterator[object]:
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                self.anchors.clear()
                yield self.value(next(self.events), 0)

    def value(self, event: yaml.Event, depth: int) -> object:
        place = self.place(event)
        self.budget.spend(place)
        if depth > DEEPEST:
            raise refused(place, f"is nested more than {DEEPEST} deep", "Write it flatter.")
        if isinstance(event, yaml.AliasEvent):
            return self.alias(event, place)
        built = self.built(event, depth, place)
        if anchor := getattr(event, "anchor", None):
            self.anchors[anchor] = built
        return built

    def alias(self, event: yaml.AliasEvent, place: Place) -> object:
        if event.anchor not in self.anchors:
            raise refused(
                place, f"*{event.anchor} names no anchor that is complete here", f"Put &{event.anchor} above it."
            )
        return copied(self.anchors[event.anchor], self.budget, place)

    def built(self, event: yaml.Event, depth: int, place: Place) -> object:
        built: object
        if isinstance(event, yaml.MappingStartEvent):
            built = self.mapping(depth, place)
        elif isinstance(event, yaml.SequenceStartEvent):
            built = self.sequence(depth, place)
        else:
            built = _scalar(cast(yaml.ScalarEvent, event))  # nothing else can stand here
        tag = getattr(event, "tag", None)
        if tag == "!reset":
            return RESET
        if tag == "!override" and isinstance(built, Map | Seq):
            built.replaces = True
        return built

    def sequence(self, depth: int, place: Place) -> Seq:
        found = Seq(place)
        for event in self.until(yaml.SequenceEndEvent):
            found.add(self.value(event, depth + 1), self.place(event))
        return found

    def mapping(self, depth: int, place: Place) -> Map:
        found = Map(place)
        merged: list[tuple[object, Place]] = []
        for event in self.until(yaml.MappingEndEvent):
            key, where = self.value(event, depth + 1), self.place(event)
            value = self.value(next(self.events), depth + 1)
            if key == "<<" and isinstance(event, yaml.ScalarEvent) and not event.style:
                merged += value.parts() if isinstance(value, Seq) else [(value, where)]
            else:
                _put(found, key, value, where)
        for below, where in merged:
            _merge(found, below, where)
        return found

    def until(self, end: type[yaml.Event]) -> Iterator[yaml.Event]:
        return itertools.takewhile(lambda event: not isinstance(event, end), self.events)

    def place(self, event: yaml.Event) -> Place:
        return Place(self.path, event.start_mark.line + 1 if event.start_mark else 0)


def _put(found: Map, key: object, value: object, place: Place) -> None:
    if not isinstance(key, str):
        words = as_text(key) if not isinstance(key, dict | list) else "a list or a mapping"
        raise refused(place, f"{words} is not a name: keys are text here", "Put the key in quotes.")
    if key in found:
        raise refused(
            place, f"{key} is there already, at {found.place_of(key)}", "Keep one of the two; Compose refuses both."
        )
    found.put(key, value, place)


def _merge(found: Map, below: object, place: Place) -> None:
    """YAML's merge key: what the mapping says itself wins, and of several the first."""
    if not isinstance(below, Map):
        raise refused(place, "<< takes a mapping, or a list of them", "Give it an alias of a mapping: <<: *name")
    for key, value in below.items():
        if key not in found:
            found.put(key, value, below.place_of(key))


def _scalar(event: yaml.ScalarEvent) -> object:
    word = str(event.value)
    tag = (event.tag or "").removeprefix(_YAML_TAG)
    if tag in ("int", "float", "bool", "null"):
        return resolved(word)
    return resolved(word) if event.implicit[0] and not event.style and not tag else word

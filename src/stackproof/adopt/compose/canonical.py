"""A mapping of a Compose file into the long form of the specification; what does not fit is refused with its line."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from stackproof.adopt.compose import shapes
from stackproof.adopt.compose.checks import (
    as_list,
    as_map,
    many,
    new_list,
    new_map,
    one,
    refuse_twice,
    scalar,
    wrong,
)
from stackproof.adopt.compose.mounts import device, mount
from stackproof.adopt.compose.pairs import hosts, pairs, ssh, variables
from stackproof.adopt.compose.ports import ports
from stackproof.adopt.compose.scalars import text
from stackproof.adopt.compose.shapes import Kind, Nullable
from stackproof.adopt.compose.values import RESET, Map, Seq, refused, shown
from stackproof.adopt.compose.words import split
from stackproof.model.composition import Path
from stackproof.model.source import Place

Form = Callable[[object, Path, Place], object]


def canonical(value: object, kind: Kind, path: Path, place: Place) -> object:
    """Raises UserError for an unknown key, and for a value of another kind."""
    if value is RESET:
        return value
    if isinstance(kind, Nullable):
        return None if value is None else canonical(value, kind.kind, path, place)
    if isinstance(kind, str):
        return _named(value, kind, path, place)
    if isinstance(kind, Mapping):
        return _mapping(value, kind, path, place)
    return _list(value, kind[0], path, place)


def _named(value: object, kind: str, path: Path, place: Place) -> object:
    if kind in FORMS:
        found = FORMS[kind](value, path, place)
        if isinstance(value, Map | Seq) and isinstance(found, Map | Seq):
            found.replaces = value.replaces
        return found
    return scalar(value, kind, path, place)


def _mapping(value: object, kind: Mapping[str, Kind], path: Path, place: Place) -> object:
    found = new_map(as_map(value, path, place))
    for key, each in as_map(value, path, place).items():
        where = as_map(value, path, place).place_of(key)
        if key.startswith("x-") and "*" not in kind:
            found.put(key, each, where)
            continue
        below = kind.get(key, kind.get("*"))
        if below is None:
            known = "" if path else f": {', '.join(sorted(kind))}"
            raise refused(
                where,
                f"{shown((*path, key))} is no key of a Compose file",
                f"Correct its name, or begin it with x-{known}.",
            )
        found.put(key, canonical(each, below, (*path, key), where), where)
    return found


def _list(value: object, kind: Kind, path: Path, place: Place) -> object:
    found = new_list(as_list(value, path, place))
    for number, (each, where) in enumerate(as_list(value, path, place).parts()):
        if each is not RESET:
            found.add(canonical(each, kind, (*path, number), where), where)
    return found


def _any(value: object, path: Path, place: Place) -> object:  # noqa: ARG001  every form is called alike
    return value


def _any_text(value: object, path: Path, place: Place) -> object:  # noqa: ARG001
    return text(value)


def _words(value: object, path: Path, place: Place) -> object:
    if isinstance(value, str):
        return one(value, place)
    return _list(value, "word", path, place)


def _once(value: object, path: Path, place: Place) -> object:
    found = _list(value, "loose", path, place)
    refuse_twice(as_list(found, path, place), path)
    return found


def _command(value: object, path: Path, place: Place) -> object:
    if value is None:
        return None
    if not isinstance(value, str):
        return _list(value, "word", path, place)
    try:
        return many(split(value), place)
    except ValueError:
        raise refused(
            place, f"{shown(path)} has a quote that nothing closes", "Close it, or write the command as a list."
        ) from None


def _test(value: object, path: Path, place: Place) -> object:
    return many(("CMD-SHELL", value), place) if isinstance(value, str) else _list(value, "word", path, place)


def _option(value: object, path: Path, place: Place) -> object:
    return None if value is None else canonical(value, "loose", path, place)


def _build(value: object, path: Path, place: Place) -> object:
    if isinstance(value, str):
        found = Map(place)
        found.put("context", value, place)
        return found
    return canonical(value, shapes.BUILD, path, place)


def _named_map(kind: Kind, default: Callable[[Map, Place], None]) -> Form:
    """A list of names, or a mapping of names to more: `networks` and `depends_on` of a service."""

    def form(value: object, path: Path, place: Place) -> object:
        if isinstance(value, Seq):
            refuse_twice(value, path)
            found = new_map(value)
            for item, where in value.parts():
                name, more = str(canonical(item, "word", path, where)), Map(where)
                default(more, where)
                found.put(name, more or None, where)
            return found
        long = as_map(canonical(value, {"*": kind}, path, place), path, place)
        for name, each in long.items():
            if kind is shapes.DEPENDENCY and isinstance(each, Map) and "condition" not in each:
                raise refused(
                    long.place_of(name), f"{shown((*path, name))} has no condition", "Add condition: service_healthy."
                )
        return long

    return form


def _started(dependency: Map, place: Place) -> None:
    dependency.put("condition", "service_started", place)
    dependency.put("required", True, place)


def _nothing(attachment: Map, place: Place) -> None:
    """A network in a list is attached to as it comes."""


def _items(kind: Kind, short: Callable[[object, Path, Place], Iterable[Map]], name: str) -> Form:
    """A list whose items are short forms or mappings."""

    def form(value: object, path: Path, place: Place) -> object:
        found = new_list(as_list(value, path, place))
        for number, (item, where) in enumerate(as_list(value, path, place).parts()):
            if item is RESET:
                continue
            for each in _long(item, (*path, number), where):
                found.add(each, where)
        return found

    def _long(item: object, path: Path, place: Place) -> Iterable[object]:
        if not isinstance(item, Map):
            return short(item, path, place)
        for key in shapes.REQUIRED.get(name, ()):
            if item.get(key) is None:
                raise refused(place, f"{shown(path)} has no {key}", f"Add {key}: to it.")
        return (canonical(item, kind, path, place),)

    return form


def _short_port(value: object, path: Path, place: Place) -> Iterator[Map]:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise wrong(path, place, 'a port in quotes, as "8080:80"')
    return ports(value, place)


def _short_mount(value: object, path: Path, place: Place) -> Iterator[Map]:
    yield mount(str(canonical(value, "word", path, place)), place)


def _short_device(value: object, path: Path, place: Place) -> Iterator[Map]:
    yield device(str(canonical(value, "word", path, place)), place)


def _short(key: str) -> Callable[[object, Path, Place], Iterator[Map]]:
    """The short form is the one value that the long form calls `key`."""

    def form(value: object, path: Path, place: Place) -> Iterator[Map]:
        found = Map(place)
        found.put(key, canonical(value, "word", path, place), place)
        yield found

    return form


def _env_files(value: object, path: Path, place: Place) -> object:
    return _items(shapes.ENV_FILE, _short("path"), "env_files")(
        one(value, place) if isinstance(value, str) else value, path, place
    )


def _includes(value: object, path: Path, place: Place) -> object:
    kind: Kind = {"path": "words", "env_file": "words", "project_directory": "word"}
    return _items(kind, _short_include, "includes")(value, path, place)


def _short_include(value: object, path: Path, place: Place) -> Iterator[Map]:
    found = Map(place)
    found.put("path", one(str(canonical(value, "word", path, place)), place), place)
    yield found


def _extends(value: object, path: Path, place: Place) -> object:
    if isinstance(value, str):
        found = Map(place)
        found.put("service", value, place)
        return found
    long = as_map(canonical(value, {"service": "word", "file": "word"}, path, place), path, place)
    if not long.get("service"):
        raise refused(place, f"{shown(path)} names no service", "Add service: with the name of the one to extend.")
    return long


def _external(value: object, path: Path, place: Place) -> object:
    return canonical(value, {"name": "word"} if isinstance(value, Map) else "truth", path, place)


def _ulimit(value: object, path: Path, place: Place) -> object:
    return canonical(value, {"hard": "whole", "soft": "whole"} if isinstance(value, Map) else "whole", path, place)


def _count(value: object, path: Path, place: Place) -> object:
    return -1 if value == "all" else canonical(value, "whole", path, place)


def _swap(value: object, path: Path, place: Place) -> object:
    return "-1" if value in (-1, "-1") else canonical(value, "size", path, place)


FORMS: Mapping[str, Form] = {
    "any": _any, "any_text": _any_text, "option": _option, "words": _words, "once": _once, "command": _command,
    "test": _test,
    "pairs": pairs, "variables": variables, "arguments": variables, "hosts": hosts, "build": _build,
    "attachments": _named_map(Nullable(shapes.ATTACHMENT), _nothing),
    "dependencies": _named_map(shapes.DEPENDENCY, _started),
    "ports": _items(shapes.PORT, _short_port, "ports"), "mounts": _items(shapes.MOUNT, _short_mount, "mounts"),
    "devices": _items(shapes.DEVICE, _short_device, "devices"),
    "grants": _items(shapes.GRANT, _short("source"), "grants"),
    "env_files": _env_files, "includes": _includes, "extends": _extends, "external": _external, "ulimit": _ulimit,
    "count": _count, "swap": _swap, "ssh": ssh,
}  # fmt: skip

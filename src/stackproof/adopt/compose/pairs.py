"""NAME=value lists and mappings as one form."""

from stackproof.adopt.compose.checks import as_list, as_map, new_map, refuse_twice, scalar, wrong
from stackproof.adopt.compose.scalars import text
from stackproof.adopt.compose.values import RESET, Map, Seq
from stackproof.model.composition import Path
from stackproof.model.source import Place


def pairs(value: object, path: Path, place: Place) -> object:
    """NAME=value lists and mappings as one mapping; a name alone has an empty value."""
    return _pair_map(value, path, place, "=", empty="")


def variables(value: object, path: Path, place: Place) -> object:
    """A name alone is None: it is taken from the environment."""
    return _pair_map(value, path, place, "=", empty=None)


def _pair_map(value: object, path: Path, place: Place, separator: str, empty: str | None) -> object:
    found: Map
    if isinstance(value, Seq):
        found = new_map(value)
        for item, where in value.parts():
            name, given, rest = str(scalar(item, "word", path, where)).partition(separator)
            found.put(name, rest if given else empty, where)
        return found
    found = new_map(as_map(value, path, place))
    for key, each in as_map(value, path, place).items():
        where = as_map(value, path, place).place_of(key)
        if isinstance(each, Map | Seq):
            raise wrong((*path, key), where, "text, a number, true or false")
        found.put(key, each if each is RESET else empty if each is None else text(each), where)
    return found


def hosts(value: object, path: Path, place: Place) -> object:
    """name=address and name:address, several addresses of a name one after the other."""
    found = Seq(place)
    if isinstance(value, Map):
        for name, addresses in value.items():
            where = value.place_of(name)
            for address in addresses if isinstance(addresses, Seq) else (addresses,):
                found.add(f"{name}={scalar(address, 'word', (*path, name), where)}", where)
        return found
    refuse_twice(as_list(value, path, place), path)
    for item, where in as_list(value, path, place).parts():
        word = str(scalar(item, "word", path, where))
        name, _, address = word.partition("=") if "=" in word else word.partition(":")
        found.add(f"{name}={address.strip('[]')}", where)
    return found


def ssh(value: object, path: Path, place: Place) -> object:
    """Each key as ID=path, or the ID alone."""
    pairs = _pair_map(value, path, place, "=", empty=None)
    found = Seq(place)
    for name, each in pairs.items() if isinstance(pairs, Map) else ():
        found.add(name if each is None else f"{name}={each}", place)
    return found

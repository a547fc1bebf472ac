"""Two Compose models into one by the merge rules of the specification: the later file on top of the earlier."""

from collections.abc import Callable, Mapping

from stackproof.adopt.compose.scalars import text
from stackproof.adopt.compose.values import RESET, Map, Seq
from stackproof.model.composition import Path

# Below services.NAME: taken whole from the later file.
_REPLACED = frozenset({("command",), ("entrypoint",), ("healthcheck", "test")})

# Lists of words of which each counts once.
_TEXTS = ("expose", "cap_add", "cap_drop", "dns", "dns_opt", "dns_search", "tmpfs", "profiles", "links", "security_opt")


def merged(below: object, above: object, path: Path = ()) -> object:
    """`below` is changed. What `above` does not name stays; !reset takes away, !override replaces."""
    if isinstance(above, Map | Seq) and above.replaces:
        return above
    if path[2:] in _REPLACED and path[0] == "services":
        return above
    if isinstance(below, Map) and isinstance(above, Map):
        return _maps(below, above, path)
    if isinstance(below, Seq) and isinstance(above, Seq):
        return _lists(below, above, path)
    return below if above is None and isinstance(below, Map | Seq) else above


def _maps(below: Map, above: Map, path: Path) -> Map:
    if path[2:] == ("logging",) and _drivers_differ(below, above):
        return above
    for key, each in above.items():
        if each is RESET:
            below.pop(key, None)
        elif key in below and not key.startswith("x-"):
            below[key] = merged(below[key], each, (*path, key))
            below.at[key] = above.place_of(key)
        else:
            below.put(key, each, above.place_of(key))
    return below


def _drivers_differ(below: Map, above: Map) -> bool:
    return "driver" in below and "driver" in above and below["driver"] != above["driver"]


def _lists(below: Seq, above: Seq, path: Path) -> Seq:
    for each, place in above.parts():
        below.add(each, place)
    return unique(below, path)


def unique(items: Seq, path: Path) -> Seq:
    """Of the items that mean the same place in the container, the last, where the first of them stood."""
    if len(path) != 3 or path[0] != "services" or path[2] not in _KEYS:
        return items
    key = _KEYS[path[2]]
    found: dict[str, int] = {}
    kept = Seq(items.place)
    for each, place in items.parts():
        if (same := key(each)) in found:
            kept[found[same]], kept.at[found[same]] = each, place
        else:
            found[same] = len(kept)
            kept.add(each, place)
    return kept


def without_resets(value: object) -> object:
    """What is left of one file alone."""
    if isinstance(value, Map):
        for key in [key for key, each in value.items() if each is RESET]:
            del value[key]
        for each in value.values():
            without_resets(each)
    elif isinstance(value, Seq):
        kept = [(each, place) for each, place in value.parts() if each is not RESET]
        value[:], value.at = [each for each, _ in kept], [place for _, place in kept]
        for each in value:
            without_resets(each)
    return value


def _port(item: object) -> str:
    parts = [text(_part(item, key)) for key in ("host_ip", "published", "target", "protocol")]
    return "/".join((*parts[:3], parts[3] or "tcp"))


def _target(item: object) -> str:
    return text(_part(item, "target"))


def _grant(item: object) -> str:
    return text(_part(item, "target") or f"/run/secrets/{_part(item, 'source')}")


def _config(item: object) -> str:
    return text(_part(item, "target") or f"/{_part(item, 'source')}")


def _part(item: object, key: str) -> object:
    return item.get(key) if isinstance(item, Map) else item


_KEYS: Mapping[object, Callable[[object], str]] = {
    "ports": _port, "volumes": _target, "devices": _target, "secrets": _grant, "configs": _config,
    **dict.fromkeys(_TEXTS, text),
}  # fmt: skip

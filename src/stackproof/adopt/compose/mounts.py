"""Short forms of volumes and devices: `[source:]target[:options]`, also with drives of Windows."""

import posixpath
import re

from stackproof.adopt.compose.values import Map, refused
from stackproof.model.source import Place

_DRIVE = re.compile(r"[A-Za-z]:[\\/]")
_PROPAGATIONS = frozenset({"shared", "rshared", "slave", "rslave", "private", "rprivate"})
_FIX = 'Write "./folder:/target", "name:/target", either with ":ro", or the long form with type, source and target.'


def mount(value: str, place: Place) -> Map:
    """The long form. Raises UserError for what is no volume."""
    parts = _parts(value)
    if not all(parts) or len(parts) > 3:
        raise refused(place, f"{value!r} is no volume", _FIX)
    found = Map(place)
    if len(parts) == 1:
        found.put("type", "volume", place)
        found.put("target", target(parts[0]), place)
    else:
        bind = parts[0].startswith((".", "/", "~")) or bool(_DRIVE.match(parts[0]))
        found.put("type", "bind" if bind else "volume", place)
        found.put("source", parts[0], place)
        found.put("target", target(parts[1]), place)
    details = Map(place)
    for option in parts[2].split(",") if len(parts) == 3 else ():
        _option(option, found, details, place)
    if found["type"] == "bind":
        details.put("create_host_path", True, place)
    found.put(str(found["type"]), details, place)
    return found


def target(path: str) -> str:
    """Without slashes at its end."""
    return posixpath.normpath(path) if path.startswith("/") else path


def device(value: str, place: Place) -> Map:
    parts = value.split(":")
    found = Map(place)
    found.put("source", parts[0], place)
    found.put("target", parts[1] if len(parts) > 1 else parts[0], place)
    found.put("permissions", parts[2] if len(parts) > 2 else "rwm", place)
    return found


def _option(option: str, found: Map, details: Map, place: Place) -> None:
    """What Compose does not know it leaves away, and so do we."""
    if option in ("ro", "rw"):
        found.put("read_only", option == "ro", place)
    elif option == "nocopy" and found["type"] == "volume":
        details.put("nocopy", True, place)
    elif option in _PROPAGATIONS and found["type"] == "bind":
        details.put("propagation", option, place)
    elif option in ("z", "Z") and found["type"] == "bind":
        details.put("selinux", option, place)


def _parts(value: str) -> list[str]:
    """Split at colons, but for the one of a Windows drive."""
    parts: list[str] = []
    while value and len(parts) < 2:
        start = 2 if _DRIVE.match(value) else 0
        end = value.find(":", start)
        if end < 0:
            return [*parts, value]
        parts.append(value[:end])
        value = value[end + 1 :]
    return [*parts, value]

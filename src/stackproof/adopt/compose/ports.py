"""Short forms of ports: `[[address:]published:]target[/protocol]`, each number also a range."""

import re
from collections.abc import Iterator

from stackproof.adopt.compose.values import Map, refused
from stackproof.model.source import Place

_SHORT = re.compile(
    r"(?:(?P<ip>\[[^\]]*\]|[^:\[\]]*):)?(?:(?P<published>[\d-]*):)?(?P<target>[\d-]+)(?:/(?P<protocol>\w+))?"
)
_RANGE = re.compile(r"(\d{1,5})(?:-(\d{1,5}))?")
_HIGHEST = 65535
_FIX = 'Write "8080:80", "127.0.0.1:8080:80", or the long form with target and published.'


def ports(value: object, place: Place) -> Iterator[Map]:
    """The long forms of one short one. Raises UserError for what is no port."""
    found = _SHORT.fullmatch(str(value))
    if found is None:
        raise refused(place, f"{value!r} is no port", _FIX)
    ip, published = found["ip"] or "", found["published"] or ""
    if ip and found["published"] is None:  # one colon: what stands before it is the published port
        ip, published = "", ip
    targets = _numbers(found["target"], place, value)
    offered = _numbers(published, place, value) if published else range(0)
    if len(targets) == 1 and len(offered) > 1:
        yield _port(targets[0], published, ip.strip("[]"), found["protocol"], place)
        return
    if offered and len(offered) != len(targets):
        raise refused(
            place, f"{value!r} publishes {len(targets)} ports as {len(offered)}", "Make both ranges equally long."
        )
    for number, target in enumerate(targets):
        yield _port(target, str(offered[number]) if offered else "", ip.strip("[]"), found["protocol"], place)


def _port(target: int, published: str, ip: str, protocol: str | None, place: Place) -> Map:
    port = Map(place)
    port.put("mode", "ingress", place)
    if ip:
        port.put("host_ip", ip, place)
    port.put("target", target, place)
    if published:
        port.put("published", published, place)
    port.put("protocol", (protocol or "tcp").lower(), place)
    return port


def _numbers(text: str, place: Place, value: object) -> range:
    found = _RANGE.fullmatch(text)
    if found is None:
        raise refused(place, f"{value!r} is no port", _FIX)
    first = int(found[1])
    last = int(found[2] or first)
    if not first <= last <= _HIGHEST:
        raise refused(place, f"{value!r} is no port: the numbers go up to {_HIGHEST}, the lower one first", _FIX)
    return range(first, last + 1)

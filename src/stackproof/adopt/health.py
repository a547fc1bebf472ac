"""A health check as the files state it: what it asks, and its times."""

import re
from collections.abc import Mapping
from typing import Literal

from stackproof.adopt import effective as dockerfile
from stackproof.adopt.effective import Effective
from stackproof.adopt.reading import Node, node, seconds, text, texts, whole
from stackproof.model.stack import Health

# What the engine takes where nobody says anything (docs.docker.com/reference/dockerfile/#healthcheck).
_USUAL = Health("command", "", interval=30.0, timeout=30.0, retries=3, start_period=0.0, start_interval=5.0)
_URL = re.compile(
    r"(?P<scheme>https?)://(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1?\])(?::(?P<port>\d+))?(?P<path>/[^\s'\"|;&)\\]*)?"
)
_PORT = re.compile(r"(?:-p|--port)[ =](\d+)")
_Kind = Literal["http", "https", "redis", "postgres", "command"]


def health(service: Node, image: Effective | None) -> Health | None:
    """Of the service, else of its image. None where there is none, or where the image is not ours to read."""
    said, built = node(service.get("healthcheck")), image.health if image else None
    words = probe(service, image)
    if not words:
        return None
    flags = {name.replace("-", "_"): value for name, value in built.flags} if built else {}
    return _timed(
        _asks(" ".join(words[1:])), {**flags, **{name: said[name] for name in said if said[name] is not None}}
    )


def probe(service: Node, image: Effective | None) -> tuple[str, ...]:
    """Its command as Compose has it, CMD or CMD-SHELL first; nothing where there is none."""
    said, built = node(service.get("healthcheck")), image.health if image else None
    if said.get("disable") is True:
        return ()
    words = texts(said.get("test")) or (dockerfile.probe(built) if built else ())
    return () if words[:1] == ("NONE",) else words


def _asks(command: str) -> tuple[_Kind, str, int]:
    """Kind, target and port of what the command asks."""
    if found := _URL.search(command):
        kind: _Kind = "https" if found["scheme"] == "https" else "http"
        return kind, found["path"] or "/", int(found["port"] or (443 if kind == "https" else 80))
    port = _PORT.search(command)
    if re.search(r"\b(redis|valkey)-cli\b", command) and re.search(r"\bping\b", command, re.IGNORECASE):
        return "redis", "", int(port[1]) if port else 6379
    if re.search(r"\bpg_isready\b", command):
        return "postgres", "", int(port[1]) if port else 5432
    return "command", command, 0


def _timed(asks: tuple[_Kind, str, int], said: Mapping[str, object]) -> Health:
    kind, target, port = asks
    return Health(
        kind,
        target,
        port,
        interval=seconds(said.get("interval"), _USUAL.interval),
        timeout=seconds(said.get("timeout"), _USUAL.timeout),
        retries=whole(text(said.get("retries"))) or _USUAL.retries,
        start_period=seconds(said.get("start_period"), _USUAL.start_period),
        start_interval=seconds(said.get("start_interval"), _USUAL.start_interval),
    )

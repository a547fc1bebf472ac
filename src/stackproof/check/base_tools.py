"""Programs that official images have and lack: what a probe may call.

Looked at on 22 November 2026 in the images' own Dockerfiles; an image that is not listed is not judged.
"""

import re

_PROBES = frozenset({"curl", "wget", "nc"})
_BUSYBOX = frozenset({"wget", "nc"})
_BUILDPACK = frozenset({"curl", "wget"})  # python:3.13 and node:24 stand on buildpack-deps
# Name, pattern of the tag, the probes that are there.
_HAVE: tuple[tuple[str, str, frozenset[str]], ...] = (
    (r"nginx", r".*alpine.*", _BUSYBOX | {"curl"}),
    (r"nginx", r".*", frozenset({"curl"})),
    (r"python|node|redis|valkey|postgres|alpine|golang|php", r".*alpine.*", _BUSYBOX),
    (r"alpine|busybox", r".*", _BUSYBOX),
    (r"python|node", r".*slim.*", frozenset()),
    (r"python|node", r"[\d.]*|latest|bookworm|trixie|[\d.]+-(?:bookworm|trixie|bullseye)", _BUILDPACK),
    (r"debian|ubuntu|redis|valkey|postgres|scratch", r".*", frozenset()),
    (r"astral-sh/uv", r".*slim.*", frozenset()),
    (r"distroless/.*", r".*", frozenset()),
)
_HOST = re.compile(r"^(?:[\w.-]+\.[\w.-]+|localhost)(?::\d+)?/(?:library/)?")


def name_and_tag(image: str) -> tuple[str, str]:
    """ "docker.io/library/python:3.13-slim@sha256:..." is python, 3.13-slim."""
    plain = _HOST.sub("", image.partition("@")[0])
    name, _, tag = plain.partition(":")
    return name, tag or "latest"


def lacks(image: str, program: str) -> bool:
    """Whether the image is known not to have the probe's program."""
    if program not in _PROBES:
        return False
    name, tag = name_and_tag(image)
    fitting = (have for names, tags, have in _HAVE if re.fullmatch(names, name) and re.fullmatch(tags, tag))
    found = next(fitting, None)
    return found is not None and program not in found

"""A Dockerfile with nothing warm in it: cache mounts become scratch space that is gone with its step."""

import re

_MOUNT = re.compile(r"--mount=(\"[^\"]*\"|'[^']*'|\S+)")
_TARGETS = ("target", "dst", "destination")


def cold(text: str) -> str:
    """The same with `tmpfs` in place of every cache mount, so that downloads are neither warm nor kept."""
    return _MOUNT.sub(lambda found: _without_cache(found[0], found[1].strip("\"'")), text)


def _without_cache(mount: str, options: str) -> str:
    pairs = dict(option.partition("=")[::2] for option in options.split(","))
    if pairs.get("type") != "cache":
        return mount
    target = next((pairs[name] for name in _TARGETS if name in pairs), None)
    return f"--mount=type=tmpfs,target={target}" if target else mount

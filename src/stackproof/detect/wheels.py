"""Locked packages whose wheels do not fit every Python: for which they are made, or that there is none at all."""

import re
from collections.abc import Iterator

from stackproof.detect import locked, manifest, reading
from stackproof.detect.requirements_txt import normalised
from stackproof.model.facts import Binary, Fact
from stackproof.model.source import Place, SourceTree

_NAME = re.compile(r'name = "([^"]*)"$')
# Of bounded length, so that a line that is no line of a lock takes no time.
_FILE = re.compile(
    r"[\w.]{1,99}-[\w.!+]{1,60}(?:-\d\w{0,20})?-([\w.]{1,40})-([\w.]{1,40})-([\w.]{1,160})\.whl"
    r"|[\w.-]{1,160}\.(?:tar\.gz|zip|tar\.bz2)\b"
)
_LONGEST = 200_000  # characters; pylock.toml has all wheels of a package in one line
_CPYTHON = re.compile(r"cp3(\d+)$")


def detect(tree: SourceTree) -> Iterator[Fact]:
    for name in locked.FILES:
        for package, seen, files in _packages(tree, manifest.home(tree) + name):
            wheels = [found for found in files if found[1]]
            if files and not any(_universal(found) for found in wheels):
                yield Binary(package, tuple(dict.fromkeys(_pythons(wheels))), seen)


def _packages(tree: SourceTree, path: str) -> Iterator[tuple[str, Place, list[re.Match[str]]]]:
    """Name, place and files of each package that the lock lists the files of."""
    name, seen, files = "", Place(path), list[re.Match[str]]()
    for line in reading.lines(tree, path):
        if line.text in ("[[package]]", "[[packages]]"):
            yield from [(name, seen, files)] if name else []
            name, files = "", []
        elif not name and (found := _NAME.match(line.text)):
            name, seen = normalised(found[1]), line.place
        elif name and len(line.text) < _LONGEST and any(end in line.text for end in (".whl", ".tar.", ".zip")):
            files += _FILE.finditer(line.text)
    yield from [(name, seen, files)] if name else []


def _universal(wheel: re.Match[str]) -> bool:
    python, _, platform = wheel.groups()
    return "py3" in python and ("any" in platform or _linux(platform))


def _pythons(wheels: list[re.Match[str]]) -> Iterator[str]:
    """ "3.12", or "3.9+" for the stable interface from there on; those for Linux with glibc alone."""
    for python, interface, platform in (wheel.groups() for wheel in wheels):
        found = _CPYTHON.match(python.split(".")[0])
        if found and (_linux(platform) or platform == "any") and not interface.endswith("t"):
            yield f"3.{found[1]}+" if interface == "abi3" else f"3.{found[1]}"


def _linux(platform: str) -> bool:
    return "manylinux" in platform or platform.startswith("linux")

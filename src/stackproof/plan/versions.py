"""Which versions are meant. Plain releases need numbers alone; `packaging`, slow to import, is asked about the rest.

On the machine this was written on, `packaging.specifiers` took a sixth of everything that `plan` imports.
"""

import re

_RELEASE = re.compile(r"\d+(?:\.\d+)*", re.ASCII)
_CLAUSE = re.compile(r"\s*(>=|<=|>|<)\s*(\d+(?:\.\d+)*)\s*", re.ASCII)


def allows(specifier: str, release: str) -> bool:
    """Whether a range (">=3.11,<4", PEP 440) holds a release ("3.12.99"). Raises ValueError for no such range."""
    clauses = [_CLAUSE.fullmatch(text) for text in specifier.split(",") if specifier]
    if all(clauses):
        return all(_holds(release, found[1], found[2]) for found in clauses if found)
    from packaging.specifiers import SpecifierSet

    return SpecifierSet(specifier).contains(release)


def fits(specifier: str, release: str) -> bool:
    """Whether a requirement allows a release; one in a form that is no specifier allows everything: no false alarm."""
    try:
        return allows(specifier, release)
    except ValueError:
        return True


def at_least(version: str, least: str) -> bool:
    """Whether a locked version is a release or later; one that is no version at all is not."""
    if _RELEASE.fullmatch(version):
        return _holds(version, ">=", least)
    from packaging.version import InvalidVersion, Version

    try:
        return Version(version) >= Version(least)
    except InvalidVersion:
        return False


def _holds(release: str, sign: str, limit: str) -> bool:
    ours, theirs = _numbers(release), _numbers(limit)
    return {">=": ours >= theirs, "<=": ours <= theirs, ">": ours > theirs, "<": ours < theirs}[sign]


def _numbers(release: str) -> tuple[int, ...]:
    """Zeros at the end mean nothing: 4.0 is 4."""
    numbers = [int(part) for part in release.split(".")]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)

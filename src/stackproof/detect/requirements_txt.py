"""requirements*.txt: which files there are, what they ask for (with the files that they include), what they pin."""

import posixpath
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from stackproof.detect import manifest, reading
from stackproof.model.source import Line, Place, SourceTree

_INCLUDE = re.compile(r"^(?:-r|--requirement)[\s=]*(\S+)")
_CONSTRAINT = re.compile(r"^(?:-c|--constraint)[\s=]*(\S+)")
_LOCAL = re.compile(
    r"^(?:(?:-e|--editable)[\s=]*)?(?:file:(?://)?)?(\.{1,2}(?:/[^\s\[;#]*)?|[\w.-]+/[^\s\[;#:]*)(?:\[[^\]]*\])?\s*(?:[;#].*)?$"
)
_ARCHIVES = (".whl", ".tar.gz", ".zip")
_VCS = re.compile(r"^(?:(?:-e|--editable)[\s=]*)?(?:[\w.\[\],-]+\s*@\s*)?(?:git|hg|svn|bzr)\+")
_REQUIREMENT = re.compile(
    r"^([A-Za-z0-9][\w.-]*)\s*(?:\[([\w\s,.-]*)\])?\s*((?:[<>=!~@(](?:(?!\s#)[^;])*?)?)\s*(?:;((?:(?!\s#).)*)(?:\s#.*)?|\s#.*)?$"
)
_URL = re.compile(r"#egg=([\w.-]+)")
_NAME = re.compile(r"^(?:requirements/([\w.-]+)|(?:([\w.]+)[-_])?requirements(?:[-_.]([\w.-]+))?)\.txt$")
_MAIN = ("", "prod", "production", "base", "requirements", "common", "main", "lock")  # the best first


class Asked(NamedTuple):
    """One line of a requirements file."""

    name: str  # normalised
    extras: tuple[str, ...]
    specifier: str
    seen: Place
    marker: str = ""
    url: str = ""

    @property
    def version(self) -> str | None:
        """The version, where exactly one is allowed."""
        pinned = re.fullmatch(r"===?\s*([^\s,*]+)", self.specifier)
        return pinned[1] if pinned else None


@lru_cache(maxsize=8)
def files(tree: SourceTree) -> tuple[tuple[str, str], ...]:
    """(path, group) of each requirements file beside the manifest; the main one first, with the group ""."""
    home = manifest.home(tree)
    found = [(path, _group(match)) for path in tree.files if path.startswith(home) and (match := _match(path, home))]
    found = [(path, group) for path, group in found if not group.startswith("constraint")]
    found.sort(key=lambda item: (_MAIN.index(item[1]) if item[1] in _MAIN else len(_MAIN), item[0]))
    if not found or found[0][1] not in _MAIN:
        return tuple(found)
    return ((found[0][0], ""), *((path, group or "requirements") for path, group in found[1:]))


def asked(tree: SourceTree, path: str, seen: frozenset[str] = frozenset()) -> Iterator[Asked]:
    """What a file asks for, with the files that it includes by `-r`."""
    for line in _logical(tree, path):
        text = line.text.strip()
        if include := _INCLUDE.match(text):
            target = posixpath.normpath(posixpath.join(posixpath.dirname(path), include[1]))
            if target not in seen:
                yield from asked(tree, target, seen | {path, target})
        elif found := _asked(text, line.place):
            yield found


def includes(tree: SourceTree, path: str) -> Iterator[tuple[str, Place]]:
    """Files that a file names by `-r`, there or not."""
    for line in _logical(tree, path):
        if include := _INCLUDE.match(line.text.strip()):
            yield posixpath.normpath(posixpath.join(posixpath.dirname(path), include[1])), line.place


def constraints(tree: SourceTree, path: str) -> Iterator[str]:
    """Files that a file names by `-c`."""
    for line in _logical(tree, path):
        if found := _CONSTRAINT.match(line.text.strip()):
            yield posixpath.normpath(posixpath.join(posixpath.dirname(path), found[1]))


def chain(tree: SourceTree, path: str) -> tuple[str, ...]:
    """A file and all that it includes, directly or not."""
    found, waiting = [path], [path]
    while waiting:
        for target, _ in includes(tree, waiting.pop()):
            if target not in found and target in tree.files:
                found.append(target)
                waiting.append(target)
    return tuple(found)


def local(tree: SourceTree, path: str) -> Iterator[tuple[str, Place]]:
    """Folders that a file asks for by path: `-e .`, `./libs/money`. Relative to the project, "" for itself."""
    for line in _logical(tree, path):
        found = _LOCAL.match(line.text.strip())
        if found and not found[1].endswith(_ARCHIVES):
            folder = posixpath.normpath(posixpath.join(manifest.home(tree), found[1]))
            yield "" if folder == posixpath.normpath(manifest.home(tree) or ".") else folder, line.place


def archives(tree: SourceTree, path: str) -> Iterator[str]:
    """Wheels and the like of the project that a file asks for by path."""
    for line in _logical(tree, path):
        found = _LOCAL.match(line.text.strip())
        if found and found[1].endswith(_ARCHIVES):
            yield posixpath.normpath(posixpath.join(manifest.home(tree), found[1]))


def from_vcs(tree: SourceTree, path: str) -> Iterator[Line]:
    """Lines that ask for something in a version control system."""
    return (line for line in _logical(tree, path) if _VCS.match(line.text.strip()))


def strange(tree: SourceTree, path: str) -> Iterator[Line]:
    """Lines that are no requirement, no option, no comment and no path or URL."""
    for line in _logical(tree, path):
        text = line.text.strip()
        if (
            text
            and not text.startswith(("-", "#"))
            and "/" not in text
            and not (_LOCAL.match(text) or _asked(text, line.place))
        ):
            yield line


def normalised(name: str) -> str:
    """The form in which names are compared (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def parsed(text: str, seen: Place) -> Asked | None:
    """A requirement in the form that pyproject.toml uses too (PEP 508)."""
    return _asked(text.strip(), seen)


def _asked(text: str, seen: Place) -> Asked | None:
    text = text.split(" --")[0].strip()  # hashes
    if text.startswith(("-", "#")) or "://" in text.split("@")[0]:
        named = _URL.search(text)
        url = re.sub(r"^(?:-e|--editable)[\s=]*", "", text)
        return Asked(normalised(named[1]), (), "", seen, url=url) if named else None
    found = _REQUIREMENT.match(text)
    if not found:
        return None
    extras = tuple(part.strip() for part in (found[2] or "").split(",") if part.strip())
    specifier = found[3].strip("() ")
    url = specifier[1:].strip() if specifier.startswith("@") else ""
    return Asked(normalised(found[1]), extras, specifier, seen, (found[4] or "").strip(), url)


def _logical(tree: SourceTree, path: str) -> Iterator[Line]:
    """Lines, those joined that end in a backslash; with the place where they begin."""
    begun: Line | None = None
    for line in reading.lines(tree, path):
        joined = Line(begun.text + line.text, begun.place) if begun else line
        begun = Line(joined.text.removesuffix("\\") + " ", joined.place) if joined.text.endswith("\\") else None
        if begun is None:
            yield joined
    if begun:
        yield begun


def _match(path: str, home: str) -> re.Match[str] | None:
    return _NAME.match(path.removeprefix(home))


def _group(match: re.Match[str]) -> str:
    return match[1] or match[2] or match[3] or ""

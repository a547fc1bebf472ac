"""Which files of a tree are Dockerfiles, and which Compose files belong together: by their names and what they hold."""

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from itertools import groupby

from stackproof.model.source import SourceTree

_DOCKERFILE = re.compile(
    r"(?:Dockerfile|Containerfile)(?:[.-][\w.-]+)?|[\w.-]+\.(?:Dockerfile|dockerfile|containerfile)"
)
_NOT_A_DOCKERFILE = re.compile(r".*(?:\.dockerignore|\.orig|\.md|\.j2|\.tmpl|\.template|~)")
_COMPOSE = re.compile(r"(?P<base>docker-compose|compose)(?:[.-](?P<part>[\w.-]+))?\.ya?ml")
_FOREIGN = frozenset({"node_modules", "site-packages", ".venv", "venv", "vendor"})
_SERVICES = re.compile(r"^services\s*:", re.MULTILINE)
_TOP = re.compile(r"^\S", re.MULTILINE)
_SERVICE = re.compile(r"^(?P<indent> +)[\w.\"'-]+\s*:", re.MULTILINE)
_MADE_FROM = re.compile(r"^\s+(?:image|build|extends|<<)\s*:", re.MULTILINE)


def dockerfiles(tree: SourceTree, leave_out: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(path for path in tree.files if _is_dockerfile(path) and not is_left_out(path, leave_out))


def compositions(tree: SourceTree, leave_out: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """Files as they are given to Compose together.

    A file that is complete stands for itself. One whose services lack image and build is laid over the base beside it,
    and then the base is not looked at alone, except where the other is the override that Compose reads by itself.
    """
    paths = sorted(path for path in tree.files if _COMPOSE.fullmatch(_name(path)) and not is_left_out(path, leave_out))
    return tuple(each for _, group in groupby(paths, key=_folder) for each in _together(tree, list(group)))


def is_left_out(path: str, leave_out: tuple[str, ...]) -> bool:
    """By a pattern of the settings ("tests/*", "legacy"), or because somebody else's tool put it there."""
    if not _FOREIGN.isdisjoint(path.split("/")[:-1]):
        return True
    return any(fnmatchcase(path, pattern) or path.startswith(f"{pattern.rstrip('/')}/") for pattern in leave_out)


def _together(tree: SourceTree, paths: list[str]) -> Iterator[tuple[str, ...]]:
    bases = [path for path in paths if _part(path) == ""]
    parts = [path for path in paths if _part(path) and bases and not _is_complete(tree, path)]
    laid_over = [path for path in parts if _part(path) != "override"]
    for path in paths:
        if path in parts:
            yield (bases[0], path)
        elif path not in bases or not laid_over:
            yield (path,)


def _is_complete(tree: SourceTree, path: str) -> bool:
    """Every service says what it is made from: a look at the text, for it decides only how files are put together."""
    text = tree.files[path].decode("utf-8", "replace").replace("\r\n", "\n")
    found = _SERVICES.search(text)
    if not found:
        return False
    end = _TOP.search(text, text.find("\n", found.end()) + 1)
    block = text[found.end() : end.start() if end else len(text)]
    first = _SERVICE.search(block)
    if not first:
        return False
    services = re.split(rf"^{first['indent']}(?=[^\s#-])", block, flags=re.MULTILINE)[1:]
    return all(_MADE_FROM.search(service) for service in services)


def _is_dockerfile(path: str) -> bool:
    name = _name(path)
    return bool(_DOCKERFILE.fullmatch(name)) and not _NOT_A_DOCKERFILE.fullmatch(name)


def _part(path: str) -> str:
    found = _COMPOSE.fullmatch(_name(path))
    return (found["part"] if found else None) or ""


def _name(path: str) -> str:
    return path.rpartition("/")[2]


def _folder(path: str) -> str:
    return path.rpartition("/")[0]

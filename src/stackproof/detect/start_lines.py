"""What the project's own start lines name: Procfile, Makefile, scripts, container files; evidence that may be stale."""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache

from stackproof.detect import reading, territory
from stackproof.model.source import Line, Place, SourceTree

_FILES = re.compile(
    r"(?:Procfile[\w.-]*|(?:GNUm|[Mm])akefile|\.?[Jj]ustfile|package\.json|(?:[\w-]+\.)?Dockerfile[\w.-]*"
    r"|(?:docker-)?compose[\w.-]*\.ya?ml|[\w.-]+\.sh|fly\.toml|render\.yaml|railway\.(?:json|toml)|nixpacks\.toml"
    r"|\.flaskenv|app\.yaml|start|(?:docker-)?entrypoint)"
)
_OWN = "stackproof.lock"  # names the files that stackproof rendered: what it wrote itself is no evidence
_OBJECT = re.compile(r"(?<![\w./:@-])([A-Za-z_][\w.]*:[A-Za-z_]\w*)(?![\w.:/])")
_BARE = re.compile(r"\b(?:gunicorn|daphne)\s(.*)")  # of a module alone it takes `application`
_DOTTED = re.compile(r"(?<!\S)([A-Za-z_]\w*(?:\.\w+)+)(?!\S)")
_SPACE = re.compile(r"^app_file:\s*(\S+\.py)\s*$")  # the front matter that Hugging Face's Spaces read
_SCRIPT = re.compile(r"(?<![\w/.-])((?:\./)?(?:[\w-]+/)*[\w-]+\.py)\b")
_MODULE = re.compile(r"\bpython[\d.]*(?:\W+-[a-ln-zA-Z]+)*\W+-m\W+([A-Za-z_][\w.]*)")
_PATH = re.compile(r"\bPYTHONPATH[=:]\s*[\"']?([\w./:$(){}-]+)")
_CELERY = re.compile(r"\bcelery\b.*?(?:-A|--app)[\s\"',=]+([A-Za-z_][\w.:]*)")
_QUEUES = re.compile(r"\bworker\b.*?(?:-Q|--queues)[\s\"',=]+([A-Za-z_][\w.,-]*)")
_SCHEDULER = re.compile(r"\bbeat\b.*?(?:-S|--scheduler)[\s\"',=]+([A-Za-z_][\w.:]*)")
_PROCESS = re.compile(r"^([A-Za-z][\w-]*)\s*:\s*(\S.*)$")


@lru_cache(maxsize=8)
def targets(tree: SourceTree) -> Mapping[str, Place]:
    """`package.module:name`, wherever a start line has it."""
    return _found(tree, named)


def named(text: str) -> list[str]:
    """Every `package.module:name` in a text, and what gunicorn calls `application` where only a module stands there."""
    bare = [name for rest in _BARE.findall(text) for name in _DOTTED.findall(rest)]
    return [*_OBJECT.findall(text), *(f"{name}:application" for name in bare)]


@lru_cache(maxsize=8)
def scripts(tree: SourceTree) -> Mapping[str, Place]:
    """`bot.py` as a path, `package.bot` of `python -m package.bot`."""
    spaces = {found[1]: line.place for line in reading.lines(tree, "README.md") if (found := _SPACE.match(line.text))}
    return {**spaces, **_found(tree, _run)}


def _run(text: str) -> list[str]:
    return [*(name.removeprefix("./") for name in _SCRIPT.findall(text)), *_MODULE.findall(text)]


@lru_cache(maxsize=8)
def import_paths(tree: SourceTree) -> frozenset[str]:
    """Folders that a PYTHONPATH of a start line names."""
    words = (part for text in _found(tree, _PATH.findall) for part in text.split(":"))
    inside = (part.removeprefix("./").removeprefix("$PWD/").rstrip("/") for part in words)
    return frozenset(part for part in inside if part and not part.startswith((".", "/")))


@lru_cache(maxsize=8)
def celery(tree: SourceTree) -> Mapping[str, Place]:
    """What `celery -A` is given."""
    return _found(tree, _CELERY.findall)


def queues(tree: SourceTree) -> Mapping[str, Place]:
    """The queues that a worker of Celery is told to consume."""
    return _found(tree, lambda text: [name for said in _QUEUES.findall(text) for name in said.split(",") if name])


def schedulers(tree: SourceTree) -> Mapping[str, Place]:
    """The scheduler that Celery's beat is told to use."""
    return _found(tree, _SCHEDULER.findall)


def processes(tree: SourceTree, path: str = "Procfile") -> Iterator[tuple[str, str, Place]]:
    """Name, command and place of every line of a Procfile."""
    for line in reading.lines(tree, path):
        if found := _PROCESS.match(line.text):
            yield found[1], found[2].strip(), line.place


def started(tree: SourceTree, target: str) -> Place | None:
    """Where a start line names an application, from the project's folder or from one above or below it."""
    return next((seen for said, seen in targets(tree).items() if _same(said, target, ".")), None)


def run(tree: SourceTree, path: str, module: str) -> Place | None:
    """Where a start line runs a file, by its path or its module."""
    for said, seen in scripts(tree).items():
        if _same(said, path, "/") if said.endswith(".py") else said == module:
            return seen
    return None


def _same(said: str, known: str, separator: str) -> bool:
    return said == known or said.endswith(separator + known) or known.endswith(separator + said)


def _found(tree: SourceTree, names: Callable[[str], list[str]]) -> Mapping[str, Place]:
    found: dict[str, Place] = {}
    for line in _lines(tree):
        for name in names(line.text):
            found.setdefault(name, line.place)
    return found


def _lines(tree: SourceTree) -> Iterator[Line]:
    ours = reading.text(tree, _OWN)
    for path in tree.paths:
        own = isinstance(ours, str) and path in ours
        if _FILES.fullmatch(path.rpartition("/")[2]) and not own and not territory.is_beside(path):
            yield from (line for line in reading.lines(tree, path) if not line.text.lstrip().startswith("#"))

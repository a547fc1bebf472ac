"""What must outlive a container: a volume for each folder that the code writes to, and the database file in it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from stackproof.errors import UserError
from stackproof.model.facts import Backend, WritablePath
from stackproof.model.source import Place
from stackproof.model.stack import Because, Mount, Volume
from stackproof.plan.given import APP, Given, slug


@dataclass(frozen=True, slots=True)
class Storage:
    volumes: tuple[Volume, ...] = ()
    mounts: tuple[Mount, ...] = ()
    databases: tuple[str, ...] = ()  # "@{volume.data}/tubeatlas.db"
    urls: tuple[tuple[str, str, Place], ...] = ()  # variable, its value with references, where the code reads it


def storage(given: Given) -> Storage:
    """Raises UserError for a database file that lies beside the code and that no variable can move."""
    folders: dict[str, Place] = {}
    databases, urls = [], []
    for backend in _sqlite(given):
        scheme, file = _split(backend.default or "")
        folder = _folder(backend, file)
        folders.setdefault(folder, backend.seen)
        where = f"@{{volume.{_name(folder)}}}/{file.name}"
        databases.append(where)
        if backend.variable:
            urls.append((backend.variable, f"{scheme}:///{where}", backend.seen))
    for path, seen in _written(given):
        folders.setdefault(path, seen)
    kept = {folder: seen for folder, seen in folders.items() if not _inside_another(folder, folders)}
    return Storage(
        tuple(Volume(_name(folder), Because(f"the code writes to {folder}", seen)) for folder, seen in kept.items()),
        tuple(Mount(folder, volume=_name(folder)) for folder in kept),
        tuple(dict.fromkeys(databases)),
        tuple(urls),
    )


def _sqlite(given: Given) -> Iterator[Backend]:
    found = given.project.all(Backend)
    elsewhere = {each.variable for each in found if each.variable and each.kind != "sqlite"}
    for backend in found:
        if backend.variable in elsewhere:
            continue  # a file is what the code falls back to; the stack brings a server
        if backend.kind == "sqlite" and "://" in (backend.default or "") and ":memory:" not in (backend.default or ""):
            yield backend


def _split(url: str) -> tuple[str, PurePosixPath]:
    """`sqlite+aiosqlite:///data/x.db` as its scheme and its path; three slashes mean relative, four absolute."""
    scheme, _, rest = url.partition("://")
    return scheme, PurePosixPath(APP, rest.removeprefix("/").partition("?")[0] or "app.db")


def _folder(backend: Backend, file: PurePosixPath) -> str:
    if str(file.parent) != APP:
        return str(file.parent)
    if backend.variable:
        return f"{APP}/data"
    raise UserError(
        f"{backend.seen}: the database file {file.name} lies beside the code, where nothing may be written",
        fix="Put it into a folder of its own (data/), or read its URL from an environment variable.",
    )


def _written(given: Given) -> Iterator[tuple[str, Place]]:
    """Folders that the code writes to. Scratch below /tmp needs no volume, and the whole of /app cannot be one."""
    for fact in given.project.all(WritablePath):
        path = PurePosixPath(APP, fact.path)
        folder = path.parent if path.suffix else path
        if str(folder) not in (APP, "/") and folder.parts[:2] != ("/", "tmp"):
            yield str(folder), fact.seen


def _inside_another(folder: str, folders: dict[str, Place]) -> bool:
    return any(str(parent) in folders for parent in PurePosixPath(folder).parents)


def _name(folder: str) -> str:
    return slug(folder.removeprefix(f"{APP}/"))

"""Relative paths of a Compose file as Compose resolves them: from the project directory, here inside the tree."""

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass

from stackproof.adopt.compose.mounts import _DRIVE as DRIVE
from stackproof.adopt.compose.values import Map, Seq

_REMOTE = re.compile(r"[a-z][a-z0-9+.-]*://|git@|github\.com/|[\w.-]+@[\w.-]+:")


@dataclass(frozen=True)
class Folder:
    """Where relative paths begin, as a path in the tree ("" for its root), and what `~` stands for."""

    path: str
    home: str = "~"

    def resolve(self, path: str) -> str:
        """Normal form; "." is the tree's root. What is absolute, remote, or on a Windows drive stays as it is."""
        if path.startswith("~"):
            path = self.home + path[1:]
        if _REMOTE.match(path) or DRIVE.match(path) or path.startswith("~"):
            return path
        return posixpath.normpath(posixpath.join(self.path, path))


def located(document: Map, folder: Folder) -> Map:
    """Every path in a canonical document resolved, in place."""
    for service in _maps(document.get("services")):
        _service(service, folder)
    for kind in ("secrets", "configs"):
        for each in _maps(document.get(kind)):
            _resolve(each, "file", folder)
    for volume in _maps(document.get("volumes")):
        options = volume.get("driver_opts")
        if isinstance(options, Map) and volume.get("driver") == "local" and options.get("o") == "bind":
            _resolve(options, "device", folder)
    return document


def _service(service: Map, folder: Folder) -> None:
    build = service.get("build")
    if isinstance(build, Map):
        _resolve(build, "context", folder)
        contexts = build.get("additional_contexts")
        for name in contexts if isinstance(contexts, Map) else ():
            _resolve_context(contexts, name, folder)
    for mount in _maps(service.get("volumes")):
        if mount.get("type") == "bind":
            _resolve(mount, "source", folder)
    for each in _maps(service.get("env_file")):
        _resolve(each, "path", folder)
    develop = service.get("develop")
    for each in _maps(develop.get("watch")) if isinstance(develop, Map) else ():
        _resolve(each, "path", folder)
    _resolve_all(service.get("label_file"), folder)


def _resolve(holder: Map, key: str, folder: Folder) -> None:
    value = holder.get(key)
    if isinstance(value, str) and value:
        holder[key] = folder.resolve(value)


def _resolve_context(contexts: object, name: str, folder: Folder) -> None:
    if isinstance(contexts, Map) and not str(contexts[name]).startswith("service:"):
        _resolve(contexts, name, folder)


def _resolve_all(items: object, folder: Folder) -> None:
    if isinstance(items, Seq):
        items[:] = [folder.resolve(str(each)) for each in items]


def _maps(value: object) -> tuple[Map, ...]:
    each: Mapping[str, object] | Seq = value if isinstance(value, Map | Seq) else Seq.__new__(Seq)
    return tuple(one for one in (each.values() if isinstance(each, Map) else each) if isinstance(one, Map))

"""Paths that the code writes to: database files, uploads, logs, folders that it makes."""

import ast
import posixpath
import re
from collections.abc import Iterator

from stackproof.detect import backends, celery_conf, code, values
from stackproof.detect.code import Code
from stackproof.detect.modules import Module, bindings
from stackproof.model.facts import Fact, WritablePath
from stackproof.model.source import Place, SourceTree

_FOLDER_METHODS = frozenset({"mkdir"})
_FILE_METHODS = frozenset({"write_text", "write_bytes", "touch"})
_FOLDER_CALLS = frozenset({"os.makedirs", "os.mkdir"})
_LOG_FILES = re.compile(r"(?:^|\.)(?:(?:Timed)?Rotating|Watched)?FileHandler$")
_FOLDER_SETTINGS = frozenset({"UPLOAD_FOLDER", "MEDIA_ROOT"})
_MAX_DEPTH = 8
_SQLITE = re.compile(r"^sqlite(?:\+\w+)?:///([^?]+)")


def detect(tree: SourceTree) -> Iterator[Fact]:
    """Each path once; folders as they are, for files the folder that holds them."""
    known = code.read(tree)
    found = [*_databases(tree), *(item for module in known for item in _of_module(known, module))]
    paths = [(_normal(path), seen) for path, seen in found]
    kept = {path: seen for path, seen in reversed(paths) if path and not path.startswith(("/dev", "/proc", ".."))}
    for path, seen in reversed(kept.items()):
        yield WritablePath(path, seen)


def _databases(tree: SourceTree) -> Iterator[tuple[str, Place]]:
    for item in backends.found(tree):
        file = _SQLITE.match(item.default or "") if item.kind == "sqlite" else None
        if file and file[1] != ":memory:":
            yield posixpath.dirname(file[1]) or ".", item.seen


def _of_module(known: Code, module: Module) -> Iterator[tuple[str, Place]]:
    for call in module.nodes(ast.Call):
        if path := _written(known, module, call):
            yield path, module.place(call)
    for node in module.nodes(ast.Assign):
        target = node.targets[0]
        names = {name for name, _ in bindings([node])}
        if isinstance(target, ast.Subscript) and isinstance(target.slice, ast.Constant):
            names.add(str(target.slice.value))
        if names & _FOLDER_SETTINGS and (path := values.string(known, module, node.value)):
            yield path, module.place(node)
    for table in module.nodes(ast.Dict):
        yield from _log_file(known, module, table)


def _written(known: Code, module: Module, call: ast.Call) -> str | None:
    """The folder that a call makes or writes into."""
    name = known.meaning(module, call.func) or ""
    first = call.args[0] if call.args else next((word.value for word in call.keywords if word.arg == "filename"), None)
    if name in _FOLDER_CALLS:
        return _folder(known, module, first)
    if name == "open" or _LOG_FILES.search(name):
        writes = name != "open" or _writes(call, 1)
        return _holding(known, module, first) if writes else None
    if not isinstance(call.func, ast.Attribute):
        return None
    method, owner = call.func.attr, call.func.value
    if method in _FOLDER_METHODS:
        return _folder(known, module, owner)
    if method in _FILE_METHODS or (method == "open" and _writes(call, 0)):
        return _holding(known, module, owner)
    return None


def _folder(known: Code, module: Module, node: ast.expr | None, depth: int = 0) -> str | None:
    """A path, as far as it is known: of `root / job_id` the root."""
    if (path := values.string(known, module, node)) is not None:
        return path
    if isinstance(node, ast.Name) and depth < _MAX_DEPTH:
        return _folder(known, module, module.local(node.id, node.lineno), depth + 1)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div) and depth < _MAX_DEPTH:
        return _folder(known, module, node.left, depth + 1)
    return None


def _holding(known: Code, module: Module, node: ast.expr | None) -> str | None:
    """The folder that holds a file."""
    path = values.string(known, module, node)
    return _folder_of(path) if path is not None else _folder(known, module, node)


def _writes(call: ast.Call, position: int) -> bool:
    mode = next((word.value for word in call.keywords if word.arg == "mode"), None)
    mode = mode or (call.args[position] if len(call.args) > position else None)
    return isinstance(mode, ast.Constant) and isinstance(mode.value, str) and bool(set(mode.value) & set("wax+"))


def _log_file(known: Code, module: Module, table: ast.Dict) -> Iterator[tuple[str, Place]]:
    """A handler of logging.config.dictConfig."""
    words = {values.string(known, module, key): (value, seen) for key, value, seen in celery_conf.pairs(module, table)}
    if "filename" in words and "class" in words:
        value, seen = words["filename"]
        if folder := _folder_of(values.string(known, module, value)):
            yield folder, seen


def _folder_of(path: str | None) -> str | None:
    return None if path is None else posixpath.dirname(path) or "."


def _normal(path: str) -> str:
    return posixpath.normpath(path)

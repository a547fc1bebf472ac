"""A file of the tree as text, TOML, JSON or Python: what it holds, or the `Unreadable` fact that says why not."""

import ast
import json as json_text
import re
import tomllib
import warnings
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any, TypeVar

from stackproof.detect.lowered import lowered
from stackproof.model.facts import Unreadable
from stackproof.model.source import Line, Place, SourceTree

T = TypeVar("T")

_AT_LINE = re.compile(r"\(at line (\d+), column \d+\)")


@lru_cache(maxsize=1024)
def text(tree: SourceTree, path: str) -> str | Unreadable:
    """The decoded text; "" where there is no such file."""
    return _attempt(tree, path, lambda: tree.text(path) or "")


@lru_cache(maxsize=64)
def toml(tree: SourceTree, path: str) -> Mapping[str, Any] | Unreadable:
    """The parsed TOML; empty where there is no such file."""
    return _attempt(tree, path, lambda: tomllib.loads(tree.text(path) or ""))


@lru_cache(maxsize=64)
def json(tree: SourceTree, path: str) -> Mapping[str, Any] | Unreadable:
    """The parsed JSON object; empty where there is no such file."""
    return _attempt(tree, path, lambda: _object(tree.text(path)))


@lru_cache(maxsize=4096)
def module(tree: SourceTree, path: str) -> ast.Module | Unreadable:
    return _attempt(tree, path, lambda: _parsed(tree, path))


def lines(tree: SourceTree, path: str) -> Iterator[Line]:
    """Numbered lines; none where the file is missing or unreadable."""
    content = text(tree, path)
    if isinstance(content, str):
        for number, line in enumerate(content.splitlines(), 1):
            yield Line(line, Place(path, number))


def _object(text: str | None) -> Mapping[str, Any]:
    made = {} if text is None else json_text.loads(text)
    if not isinstance(made, dict):
        raise ValueError("not an object of JSON")
    return made


def _parsed(tree: SourceTree, path: str) -> ast.Module:
    with warnings.catch_warnings():  # "invalid escape sequence" is the project's affair
        warnings.simplefilter("ignore")
        try:
            return tree.module(path)
        except SyntaxError:
            text = tree.text(path) or ""
            if (plain := lowered(text)) == text:
                raise
            return ast.parse(plain, filename=path)


def _attempt(tree: SourceTree, path: str, read: Callable[[], T]) -> T | Unreadable:
    try:
        return read()
    except (SyntaxError, ValueError, LookupError, RecursionError, MemoryError) as error:
        return Unreadable(_words(error), Place(path, _line(error, tree.files[path])))


def _words(error: Exception) -> str:
    if isinstance(error, SyntaxError):
        return str(error.msg)
    if isinstance(error, UnicodeDecodeError):
        return f"not {error.encoding}: {error.reason}"
    if isinstance(error, json_text.JSONDecodeError):
        return f"not JSON: {error.msg}"
    if isinstance(error, RecursionError | MemoryError):
        return "nested too deeply to be parsed"
    return str(error)


def _line(error: Exception, data: bytes) -> int:
    """Where the parser gave up; 0 where it does not say."""
    if isinstance(error, SyntaxError) and error.lineno:
        return error.lineno
    if isinstance(error, UnicodeDecodeError):
        return data.count(b"\n", 0, error.start) + 1
    if isinstance(error, json_text.JSONDecodeError):
        return error.lineno
    if isinstance(error, tomllib.TOMLDecodeError):
        found = _AT_LINE.search(str(error))
        return int(found[1]) if found else data.count(b"\n") + 1
    return data.count(b"\n", 0, data.index(b"\0")) + 1 if b"\0" in data else 0

"""The files that were given, read once at the edge and looked at by every pure stage."""

import ast
import io
import tokenize
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PurePosixPath


@dataclass(frozen=True)
class Place:
    """A spot in the source tree, 1-based; line 0 means the file as a whole."""

    path: str
    line: int = 0

    def __str__(self) -> str:
        return f"{self.path}:{self.line}" if self.line else self.path


@dataclass(frozen=True)
class Line:
    text: str
    place: Place


@dataclass(frozen=True, eq=False)
class SourceTree:
    """The given files by POSIX path relative to the project; git-tracked ones if it is a checkout.

    A tree equals only itself (and so can be a cache key): what detection derives from it is derived once.

    `files` holds the contents of the files worth reading (text, under 1 MiB); `others` names the rest.
    `origin` says in words where the files came from ("git: tracked files", "folder: no git checkout").
    """

    files: Mapping[str, bytes]
    others: frozenset[str] = frozenset()
    name: str = "project"
    origin: str = "memory"
    _modules: dict[str, ast.Module] = field(default_factory=dict, repr=False)

    def __contains__(self, path: str) -> bool:
        return path in self.files or path in self.others

    @cached_property
    def paths(self) -> tuple[str, ...]:
        return tuple(sorted({*self.files, *self.others}))

    def under(self, folder: str) -> tuple[str, ...]:
        """Paths below `folder` ("" for all)."""
        prefix = f"{folder.rstrip('/')}/" if folder else ""
        return tuple(path for path in self.paths if path.startswith(prefix))

    def python(self) -> tuple[str, ...]:
        """Python files whose contents were read."""
        return tuple(path for path in self.paths if path.endswith(".py") and path in self.files)

    def text(self, path: str) -> str | None:
        """The decoded text, None where there is no such file; Python files by their coding line (PEP 263).

        Raises UnicodeDecodeError or SyntaxError (a wrong coding line); detectors read through
        `detect.reading`, which turns both into an `Unreadable` fact.
        """
        data = self.files.get(path)
        if data is None:
            return None
        if PurePosixPath(path).suffix != ".py":
            return data.decode("utf-8-sig")
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        return data.decode(encoding)

    def lines(self, path: str) -> Iterator[Line]:
        """Numbered lines; none where there is no such file."""
        for number, text in enumerate((self.text(path) or "").splitlines(), 1):
            yield Line(text, Place(path, number))

    def module(self, path: str) -> ast.Module:
        """The parsed Python file, parsed once. Raises SyntaxError, UnicodeDecodeError, ValueError, KeyError."""
        if path not in self._modules:
            text = self.text(path)
            if text is None:
                raise KeyError(path)
            self._modules[path] = ast.parse(text, filename=path)
        return self._modules[path]

"""setup.py and setup.cfg: name, requirements and Python of a project, as far as they are literals; nothing is run."""

import ast
import configparser
import posixpath
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from stackproof.detect import manifest, reading
from stackproof.model.source import Place, SourceTree

_ATTR = re.compile(r"^attr:\s*([\w.]+)\.\w+$")
_FILE = re.compile(r"^file:\s*(.+)$")


class Stated(NamedTuple):
    """A text and where it stands; `group` as in Requirement."""

    text: str
    group: str
    seen: Place


def files(tree: SourceTree) -> tuple[str, ...]:
    """Those of the two that are there, setup.py first."""
    return tuple(path for name in ("setup.py", "setup.cfg") if (path := manifest.home(tree) + name) in tree.files)


def requirements(tree: SourceTree) -> Iterator[Stated]:
    for keyword in _keywords(tree):
        if keyword.arg == "install_requires":
            yield from _texts(tree, keyword.value, "")
        elif keyword.arg == "extras_require" and isinstance(keyword.value, ast.Dict):
            for key, value in zip(keyword.value.keys, keyword.value.values, strict=True):
                if isinstance(key, ast.Constant) and isinstance(key.value, str):
                    yield from _texts(tree, value, f"extra:{key.value}")
    config = _config(tree)
    yield from _listed(tree, config.get("options", {}).get("install_requires", ""), "")
    for extra, text in config.get("options.extras_require", {}).items():
        yield from _listed(tree, text, f"extra:{extra}")


def stated(tree: SourceTree, keyword: str, section: str) -> Iterator[Stated]:
    """A single text: `python_requires` of setup(), or of the section [options] in setup.cfg."""
    for found in _keywords(tree):
        if found.arg == keyword and isinstance(found.value, ast.Constant) and isinstance(found.value.value, str):
            yield Stated(found.value.value, "", Place(_path(tree, "setup.py"), found.value.lineno))
    if text := _config(tree).get(section, {}).get(keyword):
        yield Stated(text, "", _seen(tree, keyword))


def read(tree: SourceTree) -> Iterator[str]:
    """Files of the project that running setup.py opens: the texts in it that name one, and what setup.cfg names."""
    home = manifest.home(tree)
    nodes = ast.walk(_body(tree))
    named = [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    for text in (value for table in _config(tree).values() for value in table.values()):
        if found := _FILE.match(text.strip()):
            named += [part.strip() for part in found[1].split(",")]
        elif found := _ATTR.match(text.strip()):
            module = found[1].replace(".", "/")
            named += [f"{base}{module}{end}" for base in ("", "src/") for end in ("/__init__.py", ".py")]
    for name in dict.fromkeys(named):
        path = posixpath.normpath(home + name) if name and "\n" not in name else ""
        if path in tree.files and path not in files(tree):
            yield path


def _path(tree: SourceTree, name: str) -> str:
    return manifest.home(tree) + name


def _body(tree: SourceTree) -> ast.Module:
    """setup.py; an empty module where there is none, or none that can be parsed."""
    path = _path(tree, "setup.py")
    found = reading.module(tree, path) if path in tree.files else None
    return found if isinstance(found, ast.Module) else ast.Module([], [])


@lru_cache(maxsize=8)
def _keywords(tree: SourceTree) -> tuple[ast.keyword, ...]:
    """The arguments of the call of setup()."""
    calls = [node for node in ast.walk(_body(tree)) if isinstance(node, ast.Call)]
    return tuple(keyword for call in calls if _name(call.func) == "setup" for keyword in call.keywords)


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _texts(tree: SourceTree, value: ast.expr, group: str) -> Iterator[Stated]:
    """A list of literals, or the name of one in the file."""
    path = _path(tree, "setup.py")
    if isinstance(value, ast.Name):
        assigned = [node for node in _body(tree).body if isinstance(node, ast.Assign)]
        named = [node.value for node in assigned for target in node.targets if _name(target) == value.id]
        value = named[-1] if named else value
    for item in value.elts if isinstance(value, ast.List | ast.Tuple) else ():
        if isinstance(item, ast.Constant) and isinstance(item.value, str):
            yield Stated(item.value, group, Place(path, item.lineno))


def _listed(tree: SourceTree, text: str, group: str) -> Iterator[Stated]:
    for line in text.splitlines():
        if (asked := line.strip()) and not asked.startswith(("#", "file:")):
            yield Stated(asked, group, _seen(tree, asked))


@lru_cache(maxsize=8)
def _config(tree: SourceTree) -> dict[str, dict[str, str]]:
    """setup.cfg by section; nothing where it cannot be read, for other tools keep their settings there too."""
    text = reading.text(tree, _path(tree, "setup.cfg"))
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string(text if isinstance(text, str) else "")
    except configparser.Error:
        return {}
    return {name: dict(parser.items(name)) for name in parser.sections()}


def _seen(tree: SourceTree, text: str) -> Place:
    return _places(tree).get(text, Place(_path(tree, "setup.cfg")))


@lru_cache(maxsize=8)
def _places(tree: SourceTree) -> Mapping[str, Place]:
    """The lines of setup.cfg by their text, by the key that they begin with and by its value; the first of each."""
    found: dict[str, Place] = {}
    for line in reading.lines(tree, _path(tree, "setup.cfg")):
        for part in (line.text, *re.split(r"[=:]", line.text, maxsplit=1)):
            found.setdefault(part.strip(), line.place)
    return found

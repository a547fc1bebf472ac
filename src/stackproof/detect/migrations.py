"""What brings the schema up to date: Alembic by its configuration, Django and Flask-Migrate by their folders."""

import configparser
import posixpath
import re
from collections.abc import Iterator

from stackproof.detect import imports, manifest, reading, requirements, territory
from stackproof.model.facts import Fact, Migration, Unreadable
from stackproof.model.source import Place, SourceTree

_DJANGO = re.compile(r"(?:^|/)migrations/\d{4}_\w+\.py$")
_LOCATION = re.compile(r"\s*script_location\s*[=:]")
_HERE = re.compile(r"%+\(here\)s/?")


def detect(tree: SourceTree) -> Iterator[Fact]:
    yield from _alembic(tree)
    yield from _django(tree)
    yield from _flask(tree)


def _alembic(tree: SourceTree) -> Iterator[Fact]:
    home = manifest.home(tree)
    if (config := f"{home}alembic.ini") in tree:
        yield from _ini(tree, home, config)
    elif location := manifest.table(tree, f"{home}pyproject.toml", "tool.alembic").get("script_location"):
        config = f"{home}pyproject.toml"
        seen = manifest.place(tree, config, "tool.alembic", "script_location")
        yield _located(tree, home, config, str(location), seen)


def _ini(tree: SourceTree, home: str, config: str) -> Iterator[Fact]:
    text = reading.text(tree, config)
    parser = configparser.RawConfigParser()
    try:
        parser.read_string(text if isinstance(text, str) else "")
        location = parser.get("alembic", "script_location")
    except configparser.Error as error:
        problem = str(error).partition("\n")[0]
        yield text if isinstance(text, Unreadable) else Unreadable(problem.replace("<string>", config), Place(config))
        return
    lines = (line.place for line in reading.lines(tree, config) if _LOCATION.match(line.text))
    yield _located(tree, home, config, location, next(lines, Place(config)))


def _located(tree: SourceTree, home: str, config: str, location: str, seen: Place) -> Fact:
    """The folder of the scripts must be there; one inside a package is written "package:folder"."""
    below = _HERE.sub("", location).replace(":", "/")
    folders = (posixpath.normpath(posixpath.join(start, below)) for start in (home, *imports.roots(tree)))
    found = next((folder for folder in folders if tree.under(folder)), None)
    if found is None:
        return Unreadable(f"script_location names {location}, and no file of the project is there", seen)
    return Migration("alembic", config, (config, found), seen)


def _django(tree: SourceTree) -> Iterator[Migration]:
    home = manifest.home(tree)
    config = f"{home}manage.py"
    made = [path for path in tree.under(home) if _DJANGO.search(path) and not territory.is_foreign(path)]
    if config in tree and made:
        yield Migration("django", config, (config,), Place(made[0]))


def _flask(tree: SourceTree) -> Iterator[Migration]:
    """`flask db init` puts Alembic's configuration into the folder of the scripts."""
    folder = f"{manifest.home(tree)}migrations"
    if f"{folder}/env.py" in tree and "flask-migrate" in requirements.names(tree):
        yield Migration("flask", f"{folder}/alembic.ini", (folder,), Place(f"{folder}/env.py"))

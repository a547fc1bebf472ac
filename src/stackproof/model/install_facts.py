"""What is known about installing a project: its tool and lock, its Python, what it asks for and what it lacks."""

from dataclasses import dataclass
from typing import Literal

from stackproof.model.source import Place

Tool = Literal["poetry", "uv", "pip", "pdm", "pipenv"]


@dataclass(frozen=True)
class Installer:
    """The tool that made the lock, and the files it works from."""

    tool: Tool
    manifest: str  # pyproject.toml, requirements.in, requirements.txt, Pipfile, setup.py, setup.cfg
    lock: str | None  # poetry.lock, uv.lock, pdm.lock, Pipfile.lock, pylock.toml, requirements*.txt; None: nothing pins
    made_by: str | None  # version of the tool that wrote the lock, from its own header
    groups: tuple[str, ...]  # dependency groups that are not installed in stage and prod ("dev", "test")
    seen: Place
    kept: tuple[str, ...] = ()  # dependency groups that are installed everywhere
    inputs: tuple[str, ...] = ()  # what installing reads besides: manifests of workspace members, uv.toml, a README
    local: tuple[str, ...] = ()  # manifests of folders that are asked for by their path; "" where one has none
    vcs: bool = False  # something comes from a version control system, by its URL
    listed: bool = False  # uv cannot read the manifest: what it asks for is handed over one by one


@dataclass(frozen=True)
class PythonVersion:
    """A statement about the Python version: a specifier (">=3.11") or a pin ("3.11")."""

    specifier: str
    pinned: bool
    seen: Place


@dataclass(frozen=True)
class Distribution:
    """The project's own name and whether it is installed as a package (has a build backend)."""

    name: str
    packaged: bool
    seen: Place


@dataclass(frozen=True)
class OwnMetadata:
    """The code asks for the metadata of its own distribution; `version` is "" where only a build makes it."""

    name: str
    version: str
    seen: Place


@dataclass(frozen=True)
class Requirement:
    """A dependency that the manifest asks for; `group` is "" for the main ones."""

    name: str  # normalised (PEP 503)
    specifier: str
    group: str
    extras: tuple[str, ...]
    seen: Place
    marker: str = ""  # when it is meant: 'sys_platform == "win32"'
    url: str = ""  # where it comes from, unless from an index: "git+https://...", "./libs/money"


@dataclass(frozen=True)
class Locked:
    """A version that the lock file pins."""

    name: str  # normalised (PEP 503)
    version: str
    seen: Place


@dataclass(frozen=True)
class Binary:
    """A locked package without a wheel that fits every Python; without one at all it is built from its source."""

    name: str  # normalised (PEP 503)
    pythons: tuple[str, ...]  # that it has wheels for on Linux: "3.12", "3.9+" for that and all later ones
    seen: Place


@dataclass(frozen=True)
class Syntax:
    """Something in the code that only later Pythons can read."""

    python: str  # "3.12": the first that can
    construct: str  # "a type statement"
    seen: Place


@dataclass(frozen=True)
class Executable:
    """A program that the code starts, or looks for on the PATH."""

    name: str  # "ffmpeg"
    seen: Place


@dataclass(frozen=True)
class Unmet:
    """A module that the code imports as it starts, and that no dependency brings."""

    module: str  # "yaml"
    distribution: str  # what it is called in an index: "pyyaml"
    groups: tuple[str, ...]  # dependency groups that would bring it; none: nothing does
    seen: Place

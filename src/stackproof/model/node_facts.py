"""What is known about a front end: its folder, its framework, and the variables that its code reads."""

from dataclasses import dataclass
from typing import Literal

from stackproof.model.source import Place


@dataclass(frozen=True)
class NodeVariable:
    """An environment variable that a front end reads; `inlined`: by the build, which puts its value into the files."""

    name: str
    default: str | None  # a literal beside the read
    inlined: bool
    secret: bool  # its name says so, and no build makes it public
    seen: Place


@dataclass(frozen=True)
class NodeApp:
    """A front end: its folder, its framework and what package.json and its lock say."""

    folder: str  # "" for the project itself
    framework: Literal["next", "vite"]
    server: bool  # False: the build gives files that any web server can serve
    tool: Literal["npm", "pnpm", "yarn"]
    tool_version: str | None
    lock: str | None  # "package-lock.json"
    node: str | None  # as .nvmrc, .node-version or engines say it: "24", "v22.1.0", "lts/krypton", ">=20.9"
    scripts: tuple[tuple[str, str], ...]
    files: tuple[str, ...]  # top-level files and folders ("app/") that building needs, without tests
    public: bool
    standalone: bool  # Next.js: output "standalone"
    variables: tuple[NodeVariable, ...]
    output: str  # folder that the build writes: ".next", "dist"
    health: str | None  # "/healthz": a route handler that says so
    proxied: tuple[str, ...]  # path prefixes that it hands on to a back end by itself: "/api/"
    seen: Place

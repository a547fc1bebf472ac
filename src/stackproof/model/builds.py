"""What the images of a stack are made from."""

from dataclasses import dataclass
from typing import Literal

from stackproof.model.install_facts import Tool


@dataclass(frozen=True)
class Install:
    """How the locked dependencies get into an environment, on any runtime, always through uv."""

    tool: Tool
    manifest: str
    lock: str | None
    tool_version: str | None  # of the Poetry, PDM or Pipenv that exports the lock; None for the others
    left_out_groups: tuple[str, ...]  # in stage and prod
    extra: tuple[str, ...] = ()  # packages that the project does not name but its start needs, said in `notes`
    inputs: tuple[str, ...] = ()  # every file of the project that installing reads; manifest and lock are among them
    groups: tuple[str, ...] = ()  # dependency groups that are installed besides the main dependencies
    extras: tuple[str, ...] = ()  # extras of the project that are installed
    local: tuple[str, ...] = ()  # manifests of folders that are asked for by path: their code is found, not installed
    vcs: bool = False  # something comes from a version control system: no hash can be demanded for all
    listed: tuple[str, ...] = ()  # requirements that no file says in a form that uv reads, as it wants them
    files: tuple[str, ...] = ()  # requirements files to install from, where there is more than the lock or manifest
    constraints: tuple[str, ...] = ()  # on what nothing pins: "bcrypt<5"


@dataclass(frozen=True)
class Build:
    """The image of the project's Python code; all its services run in it. Its context is the project's folder."""

    python: str  # "3.11"
    requires_python: str  # the project's own specifier, "" where it has none
    base: str  # "python:3.11-slim-bookworm"
    uv: str  # version of uv, "0.13.9"
    install: Install
    copy: tuple[str, ...]  # files and folders of the application: "src", "backend"
    import_roots: tuple[str, ...]  # "", "src" or "backend"
    target: Literal["runtime", "dev"]
    prepare: tuple[tuple[str, ...], ...] = ()  # commands in exec form that the build runs in /app with the packages
    prepared: tuple[str, ...] = ()  # what those commands make, relative to /app: read-only in the image
    name: str = "app"
    packages: tuple[str, ...] = ()  # Debian packages in what runs
    metadata: tuple[str, str] | None = None  # name and version of the project, where its code asks for them
    build_packages: tuple[str, ...] = ()  # Debian packages that only installing needs


@dataclass(frozen=True)
class NodeBuild:
    """The image of a front end. Its context is its own folder, with its own Dockerfile in it."""

    name: str  # "frontend"; also the name of its service
    context: str  # folder of the project, "" for the project itself
    node: str  # "24"
    base: str  # "node:24-trixie-slim"
    tool: Literal["npm", "pnpm", "yarn"]
    tool_version: str | None  # of pnpm or Yarn, from `packageManager`
    lock: str  # "package-lock.json", relative to the context
    manifests: tuple[str, ...]  # what installing reads, relative to the context: package.json, the lock, .npmrc
    copy: tuple[str, ...]  # the sources, relative to the context; folders end in "/"
    kind: Literal["next", "static"]  # a Next.js server, or files that nginx serves
    script: str  # of package.json that builds it: "build"
    dev: tuple[str, ...]  # command of the development server in exec form; may hold @{self.bind} and @{self.port}
    output: str  # ".next" or "dist"
    public: bool  # a folder `public` belongs beside the Next.js server
    target: Literal["runtime", "dev"]
    arguments: tuple[tuple[str, str], ...] = ()  # of the build; "": VITE_*, NEXT_PUBLIC_* as the user sets them
    server: str = ""  # base image of the server of static files
    framework: Literal["next", "vite"] = "next"
    standalone: bool = True  # Next.js: its configuration asks for output "standalone"; else the build does


@dataclass(frozen=True)
class GivenBuild:
    """An image that a Dockerfile of the user's own makes, as their Compose file asks for it."""

    name: str  # of the first service that it is built for
    context: str  # folder of the project, "" for the project itself
    dockerfile: str  # path in the project
    base: str  # of the stage that is built, its arguments filled in
    software: str  # "python", "node", "nginx" or "other": what that base holds
    target: str = ""  # a stage of the file; "": the last one
    arguments: tuple[tuple[str, str], ...] = ()
    contexts: tuple[tuple[str, str], ...] = ()  # further named ones: a folder of the project, or an image
    text: str | None = None  # the Dockerfile itself, where the Compose file has it inline
    work_dir: str = "/"  # where its processes start


AnyBuild = Build | NodeBuild | GivenBuild

"""The stack as a Dockerfile: dependencies, application, and two images without any tool that made them."""

import json
import shlex
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from stackproof.model.artifacts import Artifact
from stackproof.model.stack import Build, EnvironmentName, Service, Stack
from stackproof.render import health, install
from stackproof.render.references import HEALTH, Inside, healthcheck

APP = "/app"

# What a runtime must not hold, wherever the base image keeps it. dpkg's database stays: scanners read it.
_TOOLS = (
    "-path '*bin/apt*'", "-path '*bin/dpkg*'", "-path '*bin/pip*'", "-path '*bin/debconf-apt*'", "-path '*/lib/apt'",
    "-path '*/python3*/ensurepip'", "-path '*-packages/pip'", "-path '*-packages/pip-*'", "-name python-wheels",
    "-path /var/lib/apt", "-path /var/cache/apt", "-path /etc/apt", "-path /usr/lib/dpkg",
)  # fmt: skip

_COMPILE = "python -m compileall -q --invalidation-mode unchecked-hash"
# Parts of Python's library that no server imports, by the begin of their names: a third of its bytecode.
_NEVER_SERVED = (
    "_py", "bdb", "curses", "dbm", "distutils", "doctest", "encodings/(cp|iso|mac)", "ftplib", "idlelib", "imaplib",
    "lib2to3", "mailbox", "modulefinder", "nntplib", "pdb", "pickletools", "profile", "pstats", "pydoc",
    "site-packages", "telnetlib", "tests?/", "tkinter", "trace.py", "turtle", "unittest", "venv", "wave", "webbrowser",
    "xml/(dom|sax)", "xmlrpc",
)  # fmt: skip


def render(stacks: Mapping[EnvironmentName, Stack]) -> Iterator[Artifact]:
    lines = [
        "# Written by stackproof from the project's own files; change stackproof.toml and render again.",
        *_builder(stacks["prod"].build, stacks["dev"].build),
        *_application(stacks["prod"].build),
        *_base(stacks["prod"]),
        *_image(stacks["dev"], "dev", "builder-dev"),
        *_image(stacks["prod"], "runtime", "builder"),
    ]
    yield Artifact("Dockerfile", "\n".join(lines) + "\n")


def _builder(build: Build, dev: Build) -> list[str]:
    return [
        f"FROM ghcr.io/astral-sh/uv:{build.uv} AS uv",
        "",
        f"FROM {build.base} AS builder",
        "COPY --from=uv /uv /uvx /usr/local/bin/",
        # Hash-based bytecode that is never checked: valid whatever time stamps an image gives its files.
        "ENV UV_COMPILE_BYTECODE=1 \\",
        "    PYC_INVALIDATION_MODE=UNCHECKED_HASH \\",
        "    UV_LINK_MODE=copy \\",
        "    UV_PYTHON_DOWNLOADS=never \\",
        f"    UV_PYTHON={build.python} \\",
        f"    UV_PROJECT_ENVIRONMENT={install.VENV} \\",
        f"    VIRTUAL_ENV={install.VENV}",
        f"WORKDIR {APP}",
        *_debian(tuple(sorted({*build.build_packages, *dev.build_packages}))),
        *install.run(build),
        "",
        "# The same and the development groups, for the dev image.",
        "FROM builder AS builder-dev",
        *install.run(dev),
        "",
    ]


def _debian(packages: tuple[str, ...]) -> list[str]:
    """Packages of the system, without what is only recommended, and without the lists that were read for it."""
    if not packages:
        return []
    return [
        "# No versions: a mirror of Debian holds one of each, and takes the former away with each fix.",
        "# hadolint ignore=DL3008",
        "RUN apt-get update \\",
        f" && apt-get install --yes --no-install-recommends {' '.join(packages)} \\",
        " && rm -rf /var/lib/apt/lists/*",
    ]


def _application(build: Build) -> list[str]:
    """The project's own code and what it makes of itself: readable by everybody, writable by root, compiled."""
    folders = " ".join([f"{APP}/{path}" for path in _carried(build)] + [HEALTH])
    return [
        "FROM builder AS application",
        *(f"COPY {path} {APP}/{path}" for path in build.copy),
        f"COPY {health.FOLDER} {HEALTH}",
        *_made(build),
        f"RUN chmod -R u=rwX,go=rX {folders} \\",
        f" && {_COMPILE} {folders}",
        "",
    ]


def _made(build: Build) -> list[str]:
    """What the project's own commands make, with its packages and its code."""
    if not build.prepare:
        return []
    path = ":".join(str(PurePosixPath(APP, root)) for root in build.import_roots)
    commands = [shlex.join(command) for command in build.prepare]
    return [
        f'RUN export PATH="{install.VENV}/bin:$PATH" PYTHONPATH={path} PYTHONDONTWRITEBYTECODE=1 \\',
        *(f" && {command} \\" for command in commands[:-1]),
        f" && {commands[-1]}",
    ]


def _carried(build: Build) -> list[str]:
    """What goes from there into the images: sources, and what was made where no source folder holds it."""
    made = [path for path in build.prepared if not any(path.startswith(f"{folder}/") for folder in build.copy)]
    return [*build.copy, *made]


def _base(stack: Stack) -> list[str]:
    first = _first(stack)
    path = ":".join([str(PurePosixPath(APP, root)) for root in stack.build.import_roots] + [HEALTH])
    return [
        f"FROM {stack.build.base} AS base",
        *_debian(stack.build.packages),
        "# No package manager in what runs; dpkg's database stays, scanners read it.",
        *_prepared(first, _owned(stack)),
        *(f"      {test} -o \\" for test in _TOOLS[:-1]),
        f"      {_TOOLS[-1]} \\",
        "    \\) -prune -exec rm -rf {} +",
        "# Python's own library comes without bytecode, and no start can write it later: compiled once, here.",
        f"RUN {_COMPILE} \\",
        f"      -x '/({'|'.join(_NEVER_SERVED)})' \\",
        """      "$(python -c 'import os; print(os.path.dirname(os.__file__))')\"""",
        f"ENV PATH={install.VENV}/bin:$PATH \\",
        f"    PYTHONPATH={path} \\",
        "    PYTHONUNBUFFERED=1 \\",
        "    PYTHONDONTWRITEBYTECODE=1 \\",
        "    HOME=/tmp",
        f"WORKDIR {APP}",
        "",
    ]


def _prepared(first: Service, owned: list[str]) -> list[str]:
    """The begin of the RUN. Celery takes a group without a name for root's."""
    lines = [
        f"RUN echo app:x:{first.uid}:{first.gid}::/tmp:/usr/sbin/nologin >> /etc/passwd \\",
        f" && echo app:x:{first.gid}: >> /etc/group \\",
    ]
    if owned:  # a new volume takes over the owner of the folder that it is mounted on
        lines += [f" && install -d -o {first.uid} -g {first.gid} {' '.join(owned)} \\"]
    return [*lines, " && find / -xdev \\( \\"]


def _image(stack: Stack, name: str, builder: str) -> list[str]:
    first = _first(stack)
    inside = Inside(stack, first)
    return [
        f"FROM base AS {name}",
        f"LABEL org.opencontainers.image.title={json.dumps(stack.project)} \\",
        f"      org.opencontainers.image.base.name={json.dumps(stack.build.base)}",
        f"COPY --from={builder} {install.VENV} {install.VENV}",
        f"COPY --from=application {HEALTH} {HEALTH}",
        # Last, so that a change of the code makes this layer alone anew.
        *(f"COPY --from=application {APP}/{path} {APP}/{path}" for path in _carried(stack.build)),
        f"USER {first.uid}:{first.gid}",
        *([f"EXPOSE {first.port}"] if first.port else []),
        "STOPSIGNAL SIGTERM",
        *healthcheck(inside),
        f"CMD {json.dumps(inside.words())}",
        *([""] if name == "dev" else []),
    ]


def _owned(stack: Stack) -> list[str]:
    mounts = (mount for service in stack.services if service.python for mount in service.mounts)
    return sorted({mount.path for mount in mounts if mount.volume})


def _first(stack: Stack) -> Service:
    """The service that the image is by itself: the web application, or the worker where there is none."""
    built = [service for service in stack.services if service.python]
    return next((service for service in built if service.role == "web"), built[0])

"""`docker compose` for one stack: its arguments, and the words for what it refuses."""

import os
import re
from collections.abc import Callable

from stackproof.errors import Taken, ToolFailed, UserError
from stackproof.model.running import Completed, Site
from stackproof.model.stack import Stack
from stackproof.run.docker import project
from stackproof.tools import command
from stackproof.tools.docker.engine import OTHERWISE, Engine

_PORT = re.compile(
    r"(?:Bind for|listen tcp\d?|bind host port for|expose port.*?)\s+\[?([\d.:]+?)\]?:(\d+)[: ].*?(?:already|in use)"
)
_NAME = re.compile(r'container name "/?([^"]+)" is already in use')
_MISSING = re.compile(r"required variable (\w+) is missing a value(?::\s*(.*))?")


def up(
    engine: Engine,
    stack: Stack,
    site: Site,
    profiles: frozenset[str],
    services: tuple[str, ...],
    *,
    timeout: float,
    tick: Callable[[], None],
) -> Completed:
    """Create and start these services; Compose itself waits for the conditions of `depends_on`, and for nothing else.

    Not `--wait`: that fails when a one-shot service ends well (docker/compose#10596).
    """
    docker = command.find("docker", fix=f"Install the Docker command-line client, {OTHERWISE}")
    argv = (docker, *arguments(stack, site, profiles), "up", "--detach", "--no-build", *services)
    return command.follow(argv, timeout=timeout, line=lambda _line: None, tick=tick, env=engine.environment)


def up_alone(
    engine: Engine, stack: Stack, site: Site, service: str, replicas: int | None = None, *, timeout: float
) -> Completed:
    """Create and start the containers of one service that are missing; what it depends on is left as it is.

    `replicas`: so many of them and no more, where the file says another number.
    """
    profiles = frozenset(stack.service(service).profiles)
    scale = ("--scale", f"{service}={replicas}") if replicas else ()
    words = ("up", "--detach", "--no-build", "--no-deps", *scale, service)
    return engine.command(*arguments(stack, site, profiles), *words, timeout=timeout)


def arguments(stack: Stack, site: Site, profiles: frozenset[str]) -> tuple[str, ...]:
    """The words after `docker`. Always an `--env-file`: Compose would else read a `.env` that lies there by chance.

    The copy of an adopted stack has every value filled in.
    """
    words = ["compose", "--ansi", "never", "--progress", "plain"]
    words += ["--file", str(project.compose_file(stack, site)), "--project-name", stack.name]
    words += ["--project-directory", str(site.root)] if stack.adopted else []
    words += ["--env-file", str(site.env_file or os.devnull)]
    words += [word for name in sorted(profiles) for word in ("--profile", name)]
    return tuple(words)


def failure(done: Completed, stack: Stack) -> UserError:
    """Words for an `up` that did not end well."""
    said = done.errors + done.output
    if found := _PORT.search(said):
        return port_in_use(stack, int(found[2]), found[1])
    if found := _NAME.search(said):
        return Taken(
            f"{stack.name} wants a container of the name {found[1]}, and there is one already",
            fix="Leave out `container_name`: Compose then gives names that belong to the stack.",
        )
    if found := _MISSING.search(said):
        return UserError(
            f"{stack.name} needs a value for {found[1]}" + (f": {found[2]}" if found[2] else ""),
            fix=f"Set {found[1]} in deploy/env/{stack.environment}.env",
        )
    try:
        command.must(done, f"Bringing up {stack.name}", fix="Follow what Compose says, then run the command again.")
    except ToolFailed as problem:
        return problem
    raise ValueError("not a failure")


def port_in_use(stack: Stack, port: int, address: str, holder: str = "") -> Taken:
    named = (service.name for service in stack.services for each in project.published(service) if each.port == port)
    service = next(named, "a service")
    return Taken(
        f"port {port} of {address} is in use{holder}; {service} of {stack.name} wants it",
        fix=f"Stop what holds it, or set {_port_setting(stack, service)}.",
    )


def _port_setting(stack: Stack, service: str) -> str:
    if stack.adopted:
        return f"another one under `ports` of {service} in {', '.join(stack.adopted.files)}"
    return (
        f"`publish` of [services.{service}] or `port_offset` of [environments.{stack.environment}] in stackproof.toml"
    )

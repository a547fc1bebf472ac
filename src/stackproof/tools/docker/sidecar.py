"""A script or command in a short-lived container of its own: how we look at what has no Python."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Literal

from stackproof.errors import ToolFailed
from stackproof.model.running import Completed
from stackproof.tools.docker.engine import LABEL, Engine, in_words, timed_out

if TYPE_CHECKING:
    from docker import APIClient

_NO_MORE_RIGHTS = ("no-new-privileges",)


@dataclass(frozen=True)
class Sidecar:
    """What the container is given. `network` and `pid` are the engine's words: none, bridge, host, container:<id>."""

    image: str
    stack: str  # for the label, so that `down` finds it after a kill -9
    network: str = "none"
    pid: str = ""
    cgroups: Literal["host"] | None = None  # it sees the machine's
    user: str = "0:0"
    capabilities: tuple[str, ...] | None = ()  # None: the engine's usual set
    binds: tuple[str, ...] = ()  # "volume:/path"
    isolated: bool = True  # Python sees nothing of the image's environment and packages


def run(
    engine: Engine,
    sidecar: Sidecar,
    script: str,
    *args: str,
    timeout: float = 30.0,
    line: Callable[[str], None] | None = None,
) -> Completed:
    """Run it to its end and remove it. `exit_code` None: it was ended by the time limit.

    `line` is called with each line of its output at once; a script that listens to it must end by itself.

    Raises ToolFailed where it cannot be started (no `python` in the image).
    """
    switches = ("-I", "-S") if sidecar.isolated else ()
    return command(engine, sidecar, ("python", *switches, "-c", script, *args), timeout, line)


def command(
    engine: Engine,
    sidecar: Sidecar,
    argv: tuple[str, ...],
    timeout: float = 30.0,
    line: Callable[[str], None] | None = None,
) -> Completed:
    """The same with any command of the image."""
    begun = time.monotonic()
    container = engine.ask("Creating a container to look from", lambda api: _create(api, sidecar, argv))
    try:
        engine.ask("Starting a container to look from", lambda api: api.start(container))
        if line:
            _follow(engine, container, line)
        exit_code = _wait(engine, container, timeout)
        seconds = time.monotonic() - begun
        output = engine.ask("Reading what was seen", lambda api: api.logs(container, stdout=True, stderr=False))
        errors = engine.ask("Reading what was seen", lambda api: api.logs(container, stdout=False, stderr=True))
    finally:
        remove(engine, container)
    shown = ("docker", "run", "--rm", *_options(sidecar), sidecar.image, *argv)
    return Completed(shown, exit_code, seconds, output.decode("utf-8", "replace"), errors.decode("utf-8", "replace"))


def start(engine: Engine, sidecar: Sidecar, script: str) -> str:
    """The id of the container, which runs on until it is removed."""
    argv = ("python", "-I", "-S", "-c", script)
    container = engine.ask("Creating a container", lambda api: _create(api, sidecar, argv))
    try:
        engine.ask("Starting a container", lambda api: api.start(container))
    except BaseException:
        remove(engine, container)
        raise
    return container


def left(engine: Engine, stack: str) -> tuple[str, ...]:
    """Ids of the containers that a killed stackproof left behind."""
    filters = {"label": [f"{LABEL}={stack}"]}
    listed = engine.ask("Listing containers", lambda api: api.containers(all=True, filters=filters))
    return tuple(str(entry["Id"]) for entry in listed)


def remove(engine: Engine, container: str) -> None:
    """With its anonymous volumes, running or not. Nothing there: nothing happens."""
    engine.ask_for("Removing a container", lambda api: api.remove_container(container, force=True, v=True))


def seen(done: Completed, doing: str) -> str:
    """What a script of ours printed. Raises ToolFailed where it did not end well."""
    if done.exit_code == 0:
        return done.output
    said = (done.errors.strip() or "nothing was printed").splitlines()[-1]
    raise ToolFailed(f"{doing} failed in a container of {done.argv[-5:-4]}: {said}", fix="Run the command again.")


def _create(api: "APIClient", sidecar: Sidecar, argv: tuple[str, ...]) -> str:
    from docker.types import LogConfig

    usual = sidecar.capabilities is None
    host = api.create_host_config(
        network_mode=sidecar.network,
        pid_mode=sidecar.pid or None,
        cgroupns=sidecar.cgroups,
        cap_drop=None if usual else ["ALL"],
        cap_add=list(sidecar.capabilities or ()) or None,
        security_opt=None if usual else list(_NO_MORE_RIGHTS),
        userns_mode="host" if sidecar.pid == "host" else None,
        binds=list(sidecar.binds) or None,
        log_config=LogConfig(type="json-file"),  # an engine's usual driver may be one that cannot be read back
    )
    created: Mapping[str, str] = api.create_container(
        sidecar.image,
        entrypoint=[argv[0]],
        command=list(argv[1:]),
        user=sidecar.user or None,
        labels={LABEL: sidecar.stack},
        host_config=host,
        healthcheck={"test": ["NONE"]},
        use_config_proxy=False,
    )
    return created["Id"]


def _wait(engine: Engine, container: str, timeout: float) -> int | None:
    def ended(api: "APIClient") -> int | None:
        from requests.exceptions import RequestException

        try:
            return int(api.wait(container, timeout=ceil(timeout))["StatusCode"])
        except RequestException as problem:
            if timed_out(problem):
                return None
            raise

    return engine.ask("Waiting for a container", ended)


def _follow(engine: Engine, container: str, line: Callable[[str], None]) -> None:
    """Returns when the output ends, which is when the container does."""

    api, rest = engine.connection(), b""
    try:
        with in_words("Listening to a container", engine.endpoint):
            for piece in api.logs(container, stdout=True, stderr=False, stream=True, follow=True):
                *whole, rest = (rest + piece).split(b"\n")
                for each in whole:
                    line(each.decode("utf-8", "replace"))
    finally:
        api.close()


def _options(sidecar: Sidecar) -> tuple[str, ...]:
    """For the record: the same as options of `docker run`."""
    words = ["--network", sidecar.network]
    words += ["--pid", sidecar.pid] if sidecar.pid else []
    words += ["--cgroupns", sidecar.cgroups] if sidecar.cgroups else []
    words += ["--user", sidecar.user] if sidecar.user else []
    if sidecar.capabilities is not None:
        words += ["--cap-drop", "ALL", *(word for name in sidecar.capabilities for word in ("--cap-add", name))]
    words += [word for bind in sidecar.binds for word in ("--volume", bind)]
    return (*words, "--entrypoint", "")

"""What must be there to build and run on Docker, with versions: engine, Compose, buildx."""

import re

from stackproof.errors import ToolFailed
from stackproof.tools import command
from stackproof.tools.docker.engine import OTHERWISE, Engine

# Engine 25 (API 1.44) is the first with `start_interval` in health checks, Compose 2.24 the first that passes it on and
# reads `env_file.required`; buildx 0.10 the first with `--provenance`. Release notes of each, read 2026-11.
OLDEST_ENGINE = (25, 0)
OLDEST_COMPOSE = (2, 24)
OLDEST_BUILDX = (0, 10)


def versions(engine: Engine) -> dict[str, str]:
    """Names and versions. Raises ToolFailed for the first one that is missing, out of reach or too old."""
    server = engine.ask("Asking the Docker Engine for its version", lambda api: api.version())
    found = {"docker engine": str(server["Version"])}
    _new_enough(
        "Docker Engine", found["docker engine"], OLDEST_ENGINE, "Update Docker: https://docs.docker.com/engine/"
    )
    found["docker compose"] = plugin(engine, "compose", "Docker Compose", OLDEST_COMPOSE)
    found["docker buildx"] = plugin(engine, "buildx", "Docker buildx", OLDEST_BUILDX)
    return found


def plugin(engine: Engine, name: str, title: str, oldest: tuple[int, int]) -> str:
    """Version of a plugin of the `docker` command."""
    package = f"docker-{name}-plugin (Debian: docker-{name})"
    done = engine.command(name, "version", timeout=20)
    if done.exit_code != 0:
        raise ToolFailed(f"{title} is not installed: `docker {name}` is unknown", fix=f"Install {package}, {OTHERWISE}")
    version = parsed(done.output)
    if version is None:
        command.must(done, f"Asking for the version of {title}", f"Install {package}, {OTHERWISE}")
        raise ToolFailed(
            f"{title} gave no version: {done.output.strip()[:80]!r}", fix=f"Reinstall {package}, {OTHERWISE}"
        )
    _new_enough(title, version, oldest, f"Update {package}")
    return version


def parsed(text: str) -> str | None:
    """The first version number in what a program printed about itself."""
    found = re.search(r"\b(\d+\.\d+(?:\.\d+)?[\w.+~-]*)", text.replace(" v", " "))
    return found[1] if found else None


def _new_enough(title: str, version: str, oldest: tuple[int, int], fix: str) -> None:
    numbers = re.findall(r"\d+", version)
    if len(numbers) >= 2 and (int(numbers[0]), int(numbers[1])) < oldest:
        wanted = ".".join(map(str, oldest))
        raise ToolFailed(f"{title} {version} is too old: {wanted} or newer is needed", fix=f"{fix}, {OTHERWISE}")

"""What the references of a stack stand for inside containers."""

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass

from stackproof.model.stack import Health, Service, Stack, resolve
from stackproof.render import node_probe

HEALTH = "/opt/stackproof"
TMP = "/tmp"  # noqa: S108  a tmpfs of the container's own
SECRETS = "/run/secrets"
_PINGING = ("--no-auth-warning", "--user", "probe", "--pass", "probe")  # a user who may PING, and nothing else
_FIRST = "awk 'NR == 1 { print; ok = / 200/ } END { exit !ok }'"  # what it prints is what `docker inspect` shows
LAUNCHER = ("python", "-I", "-S", f"{HEALTH}/stackproof_start.py")


@dataclass(frozen=True, slots=True)
class Inside:
    """Texts of one service as they read in its container."""

    stack: Stack
    service: Service

    def text(self, text: str) -> str:
        return resolve(text, self._references())

    def words(self) -> list[str]:
        """What the service itself runs."""
        return [self.text(word) for word in self.service.command]

    def command(self) -> list[str]:
        """The same, behind the launcher that fills in secrets, and behind a debugger."""
        debugger = [self.text(word) for word in self.service.debugger]
        return [*(LAUNCHER if self.service.launched else ()), *debugger, *self.words()]

    def probe(self, health: Health) -> list[str]:
        """The health check as a command in exec form, with what the service's own image has."""
        if self.service.software == "node":
            return node_probe.command(health)
        if health.kind == "redis":
            user = _PINGING if self._guarded() else ()
            return ["redis-cli", "-e", *user, "-h", "127.0.0.1", "-p", str(health.port), "ping"]
        if health.kind == "postgres":
            return ["pg_isready", "-q", "-h", "127.0.0.1", "-p", str(health.port)]
        if health.kind == "command":
            return ["sh", "-c", self.text(health.target)]
        if health.kind == "backup":
            return ["sh", health.target, "fresh"]
        if self.service.software != "python":
            return _wget(health)
        # -I -S: nothing of the project is imported, and the interpreter is up in half the time.
        return ["python", "-I", "-S", f"{HEALTH}/stackproof_probe.py", health.kind, *self._asked(health)]

    def _guarded(self) -> bool:
        return any(self.stack.secret(name).kind == "redis-acl" for name in self.service.secrets)

    def _asked(self, health: Health) -> tuple[str, str]:
        if health.kind in ("http", "https"):
            return str(health.port), health.target
        return self.text(health.target), f"{health.max_age:g}"

    def _references(self) -> Mapping[str, str]:
        known = {"tmp": TMP, "health": HEALTH, "self.bind": "0.0.0.0"}  # noqa: S104  its network decides who may come
        known |= {f"volume.{mount.volume}": mount.path for other in self.stack.services for mount in other.mounts}
        known |= {f"volume.{mount.volume}": mount.path for mount in self.service.mounts}
        for other in self.stack.services:
            known[f"{other.name}.host"] = other.name
            known[f"{other.name}.port"] = str(other.port)
        known["self.port"] = str(self.service.port)
        for secret in self.stack.secrets:
            known[f"secret.{secret.name}"] = f"{SECRETS}/{secret.name}"
            known[f"reveal.{secret.name}"] = f"<stackproof-secret:{SECRETS}/{secret.name}>"
        return known


def seconds(value: float) -> str:
    """A duration as Docker reads it: 250ms, 5s."""
    return f"{value:g}s" if value >= 1 else f"{value * 1000:.0f}ms"


def healthcheck(inside: Inside) -> list[str]:
    """The lines of a HEALTHCHECK; none where the service has none."""
    found = inside.service.health
    if found is None:
        return []
    times = (  # fractions of a second, because hadolint cannot read "250ms"
        f"--interval={seconds(found.interval)} --timeout={seconds(found.timeout)} --retries={found.retries}"
        f" --start-period={seconds(found.start_period)} --start-interval={found.start_interval:g}s"
    )
    return [f"HEALTHCHECK {times} \\", f"    CMD {json.dumps(inside.probe(found))}"]


def _wget(health: Health) -> list[str]:
    """Of busybox, in images that have no Python. It follows redirects: the first answer must be 200."""
    unchecked = " --no-check-certificate" if health.kind == "https" else ""
    url = shlex.quote(f"{health.kind}://127.0.0.1:{health.port}{health.target}")
    return ["sh", "-c", f"wget -q -S -T 2{unchecked} -O /dev/null {url} 2>&1 | {_FIRST}"]

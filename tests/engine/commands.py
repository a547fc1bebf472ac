"""The real command as a process of its own, on a project small enough to be brought up many times."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

PATIENCE = 300.0  # seconds, on a machine that is busy with other things
SOURCE = Path(__file__).parents[2] / "src"
_APP = 'import flask\napp = flask.Flask(__name__)\n@app.get("/health")\ndef health(): return "ok"\n'


def project(root: Path, name: str, port: int) -> Path:
    root.mkdir(parents=True, exist_ok=True)
    (root / "main.py").write_text(_APP)
    (root / "requirements.txt").write_text("flask\n")
    settings = f'name = "{name}"\npython = "3.11"\n[services.api]\npublish = {port}\ndebugger = false\n'
    (root / "stackproof.toml").write_text(settings)
    return root


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def begun(
    root: Path, *words: str, environ: Mapping[str, str] = {}, until: str | None = None
) -> Iterator["subprocess.Popen[str]"]:
    """A command under way; with `until`, one that has just said a line with these words."""
    argv = (sys.executable, "-m", "stackproof", words[0], "-C", str(root), *words[1:])
    env = {**os.environ, "PYTHONPATH": str(SOURCE), **environ}
    with subprocess.Popen(argv, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        try:
            if until is not None:
                assert process.stderr is not None
                heard = list(_through(process.stderr, until))
                assert until in "".join(heard[-1:]), heard
            yield process
        finally:
            process.kill()


def run(root: Path, *words: str, environ: Mapping[str, str] = {}) -> tuple[int, str, str]:
    """Exit code, output and errors of a command that has ended."""
    with begun(root, *words, environ=environ) as process:
        output, errors = process.communicate(timeout=PATIENCE)
    return process.returncode, output, errors


def status(root: Path, on: str) -> list[str]:
    """Names of the services that are there."""
    _, output, _ = run(root, "status", "--on", on, "--json")
    return [service["name"] for service in json.loads(output)]


def _through(lines: Iterator[str], until: str) -> Iterator[str]:
    for line in lines:
        yield line
        if until in line:
            return

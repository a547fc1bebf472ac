"""Stacks that somebody else wrote, proved on an engine as they are: the broken one, the good one, the one in layers."""

import json
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from stackproof.tools.docker.engine import Engine
from tests.engine import commands

pytestmark = pytest.mark.engine
WRITTEN = Path(__file__).parent / "adopted"
LAYERS = ("-f", "compose.yaml", "-f", "compose.prod.yaml", "--env-file", "prod.env")
# What is wrong with the broken one, by the claim that sees it, with a word of the cause.
PLANTED = {
    "SP105": "redis in prod is a store, and published",
    "SP110": "there is no Dockerfile.dockerignore or .dockerignore",
    "SP203": "the image names no user",
    "SP301": "worker has no health check",
    "SP302": "web",
    "SP305": "memory is not limited",
    "SP308": "sums",
    "SP331": "web cannot fail",
}


def _checked_out(root: Path, *parts: str) -> Path:
    for part in parts:
        shutil.copytree(WRITTEN / part, root, dirs_exist_ok=True)
    for words in (("init", "-q"), ("add", "--all"), ("commit", "-q", "-m", "theirs")):
        git = ("git", "-c", "user.name=somebody", "-c", "user.email=somebody@localhost")
        subprocess.run((*git, *words), cwd=root, check=True)
    return root


def _verdicts(root: Path, *words: str) -> tuple[int, dict[str, tuple[str, str]], str]:
    code, output, errors = commands.run(root, "prove", *words, "--json")
    assert output, errors
    evidence = json.loads(output)["evidence"]
    return code, {item["claim"][:5]: (item["verdict"], item["because"]) for item in evidence}, output


def _refuted(verdict: str, because: str) -> bool:
    """Or would be, if this machine were not busy with other things."""
    return verdict == "refuted" or "Otherwise it would be refuted" in because


def _disturbed(because: str) -> bool:
    return because.startswith("disturbed")


def _asked(*claims: str) -> tuple[str, ...]:
    return tuple(word for claim in claims for word in ("--claim", claim))


def test_what_is_wrong_is_refuted_with_its_cause(tmp_path: Path) -> None:
    root = _checked_out(tmp_path / "sums", "source", "broken")
    code, found, _ = _verdicts(root, "-f", "docker-compose.yml", *_asked(*PLANTED, "SP106", "SP107", "SP108", "SP330"))
    assert code == 1
    assert {claim for claim, seen in found.items() if _refuted(*seen)} == set(PLANTED), found
    assert {claim: found[claim][1] for claim, word in PLANTED.items() if word not in found[claim][1]} == {}


def test_nothing_is_refuted_of_a_good_one_and_no_secret_of_it_is_shown(tmp_path: Path) -> None:
    root = _checked_out(tmp_path / "sums", "source", "good")
    (root / ".env").write_text("REDIS_PASSWORD=a-w0rd-of-the-test\n")
    asked = _asked(*PLANTED, "SP106", "SP107", "SP108", "SP204", "SP303", "SP304", "SP306", "SP307", "SP315", "SP330")
    _, found, output = _verdicts(root, "-f", "compose.yaml", *asked)
    assert {claim: why for claim, (verdict, why) in found.items() if verdict != "proved" and not _disturbed(why)} == {}
    assert "a-w0rd-of-the-test" not in output


def test_several_files_are_up_beside_what_the_user_has_up_of_them(tmp_path: Path) -> None:
    """The user's own container of the same files and name is there before and after."""
    root = _checked_out(tmp_path / "pages", "layered")
    port = commands.free_port()
    (root / "prod.env").write_text(f"PORT={port}\n")
    with _users_own(root) as own:
        _, found, _ = _verdicts(root, *LAYERS, *_asked("SP301", "SP305", "SP306"))
        assert {claim: verdict for claim, (verdict, _) in found.items()} == {
            "SP301": "proved", "SP305": "proved", "SP306": "proved",
        }  # fmt: skip
        code, _, errors = commands.run(root, "up", *LAYERS)
        assert code == 2
        assert f"port {port}" in errors
        assert _answers(port)
        assert _containers("pages") == own
    code, output, errors = commands.run(root, "up", *LAYERS)
    try:
        assert code == 0, errors
        assert "web" in output
        assert _answers(port)
    finally:
        commands.run(root, "down", *LAYERS, "-v", "--yes")
    assert not _answers(port)
    assert _containers("pages-adopted-dev") == []


@contextmanager
def _users_own(root: Path) -> Iterator[list[str]]:
    """`docker compose up` of the same files, as the user has it."""
    files = ("-f", "compose.yaml", "-f", "compose.prod.yaml", "--env-file", "prod.env")
    compose = ("docker", "compose", "--project-name", "pages", *files)
    env = Engine().environment
    subprocess.run((*compose, "up", "-d", "--wait"), cwd=root, check=True, env=env)
    try:
        yield _containers("pages")
    finally:
        subprocess.run((*compose, "down", "-v"), cwd=root, check=True, env=env)


def _containers(project: str) -> list[str]:
    words = ("docker", "ps", "--quiet", "--all", "--filter", f"label=com.docker.compose.project={project}")
    return subprocess.run(words, check=True, env=Engine().environment, capture_output=True, text=True).stdout.split()


def _answers(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0

"""Ctrl-C, TERM, a closed terminal and kill -9 in each stage of the real command: nothing of it stays."""

import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from stackproof.errors import Exit
from tests.engine.commands import PATIENCE, begun, free_port, project, run, status
from tests.engine.process_stacks import belonging

pytestmark = pytest.mark.process
_SAID = "interrupted: what this command had begun to start is stopped again, and every file is whole"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its environment is installed once."""
    root = project(tmp_path_factory.mktemp("interrupts") / "shop", "interrupts", free_port())
    assert run(root, "up", "--on", "process")[0] == Exit.OK
    assert run(root, "down")[0] == Exit.OK
    return root


@pytest.fixture
def root(made: Path) -> Iterator[Path]:
    yield made
    run(made, "down", "--on", "process")
    assert belonging(made) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_up_that_is_told_to_end_takes_back_what_it_began(root: Path, number: signal.Signals) -> None:
    with begun(root, "up", "--on", "process", until="up api: created") as process:
        process.send_signal(number)
        _, errors = process.communicate(timeout=PATIENCE)
    assert process.returncode == Exit.INTERRUPTED
    assert errors.strip().endswith(_SAID)
    assert "Traceback" not in errors
    assert belonging(root) == []
    assert status(root, "process") == []


@pytest.mark.parametrize("until", ["up api: created", "up api: healthy"])
def test_after_kill_9_the_next_command_finds_what_is_left(root: Path, until: str) -> None:
    with begun(root, "up", "--on", "process", until=until) as process:
        process.kill()
    code, _, errors = run(root, "down")
    assert (code, "Traceback" in errors) == (Exit.OK, False)
    assert belonging(root) == []


def test_ctrl_c_while_the_environment_is_installed(tmp_path: Path) -> None:
    root = project(tmp_path / "shop", "interrupts-install", free_port())
    with begun(root, "up", "--on", "process", until="build environment: installing") as process:
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=PATIENCE)
    assert (process.returncode, errors.strip()) == (Exit.INTERRUPTED, _SAID)
    assert belonging(root) == []
    assert not list((root / ".stackproof/cache").glob("venv-*/bin"))


def test_ctrl_c_while_following_brings_down_what_attach_brought_up(root: Path) -> None:
    with begun(root, "up", "--on", "process", "--attach") as process:
        assert process.stdout is not None
        assert any("Listening at" in line for line in process.stdout)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=PATIENCE)
    assert process.returncode == Exit.OK
    assert belonging(root) == []


def test_following_ends_when_the_stack_is_brought_down(root: Path) -> None:
    assert run(root, "up", "--on", "process")[0] == Exit.OK
    with begun(root, "logs", "-f", "--json") as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith('{"service": "api", "line": "')
        assert run(root, "down")[0] == Exit.OK
        _, errors = process.communicate(timeout=PATIENCE)
    assert (process.returncode, errors) == (Exit.OK, "interrupts-dev was brought down\n")


def test_two_ups_at_once(root: Path) -> None:
    with begun(root, "up", "--on", "process") as one, begun(root, "up", "--on", "process") as other:
        said = {process.communicate(timeout=PATIENCE)[1]: process.returncode for process in (one, other)}
    assert sorted(said.values()) == [Exit.OK, Exit.USER]
    refused = next(errors for errors, code in said.items() if code)
    assert "nother stackproof is" in refused
    assert status(root, "process") == ["api"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_a_proof_that_is_ended_leaves_nothing_for_long(root: Path, tmp_path: Path, number: signal.Signals) -> None:
    environ = {"TMPDIR": str(tmp_path)}
    words = ("prove", "--on", "process", "--claim", "SP301")
    with begun(root, *words, environ=environ, until="up api: created") as process:
        process.send_signal(number)
        _, errors = process.communicate(timeout=PATIENCE)
    if number is signal.SIGKILL:
        _until_gone(root)
        assert list(tmp_path.iterdir())
        code, output, errors = run(root, *words, environ=environ)
        assert (code, "1 proved" in output) == (Exit.OK, True), errors
    else:
        assert (process.returncode, errors.strip().endswith(_SAID)) == (Exit.INTERRUPTED, True)
    assert belonging(root) == []
    assert list(tmp_path.iterdir()) == []
    shutil.rmtree(root / "proof", ignore_errors=True)


def _until_gone(root: Path) -> None:
    """The supervisor takes down what its client began, on hearing that it is gone."""
    until = time.monotonic() + PATIENCE
    while belonging(root) and time.monotonic() < until:
        time.sleep(0.05)
    assert belonging(root) == []

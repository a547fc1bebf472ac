"""The real command on a real engine when things go wrong: nothing stays, and what happened is said in words."""

import signal
import socket
import subprocess
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from stackproof.errors import Exit
from stackproof.tools.docker.engine import Engine
from tests.engine.commands import PATIENCE, begun, free_port, project, run, status
from tests.engine.test_docker_run import proxy
from tests.test_bad_input import HOSTILE

pytestmark = pytest.mark.engine
_NAME = "stackproof-trouble"
_PROOFS = "stackproof-trouble-prove-"


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    engine = Engine()
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, engine: Engine) -> Iterator[Path]:
    root = project(tmp_path_factory.mktemp("trouble") / "shop", _NAME, free_port())
    code, _, errors = run(root, "build", "--on", "docker")
    assert code == Exit.OK, errors
    yield root
    engine.ask_for("Removing the image", lambda api: api.remove_image(f"{_NAME}:dev", force=True))


@pytest.fixture
def root(made: Path, engine: Engine) -> Iterator[Path]:
    assert left(engine) == []
    yield made
    run(made, "down", "--on", "docker", "-v", "--yes")
    assert left(engine) == []


def left(engine: Engine) -> list[str]:
    """Names of containers, networks and volumes of ours, of proofs too."""
    containers = engine.ask("Listing", lambda api: api.containers(all=True))
    named = [str(each["Names"][0]).lstrip("/") for each in containers]
    named += [str(each["Name"]) for each in engine.ask("Listing", lambda api: api.networks())]
    named += [str(each["Name"]) for each in engine.ask("Listing", lambda api: api.volumes())["Volumes"] or ()]
    return [name for name in named if name.startswith(_NAME)]


def images(engine: Engine) -> set[str]:
    listed = engine.ask("Listing", lambda api: api.images())
    return {tag for each in listed for tag in each["RepoTags"] or () if tag.startswith(_PROOFS)}


def test_an_up_that_is_told_to_end_takes_back_what_it_began(root: Path, engine: Engine) -> None:
    with begun(root, "up", "--on", "docker", until="up api: created") as process:
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=PATIENCE)
    assert (process.returncode, "Traceback" in errors) == (Exit.INTERRUPTED, False)
    assert "interrupted: " in errors
    assert left(engine) == []


def test_ctrl_c_during_the_build(root: Path, engine: Engine) -> None:
    before = engine.ask("Looking", lambda api: api.inspect_image(f"{_NAME}:dev"))["Id"]
    (root / "requirements.txt").write_text(f"flask  # {time.time_ns()}\n")
    with begun(root, "up", "--on", "docker", until="sending the context") as process:
        _until_built(root)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=PATIENCE)
    assert (process.returncode, "Traceback" in errors) == (Exit.INTERRUPTED, False)
    assert left(engine) == []
    assert _builders(root) == []
    assert engine.ask("Looking", lambda api: api.inspect_image(f"{_NAME}:dev"))["Id"] == before


def test_a_stack_is_found_after_its_state_folder_is_gone(root: Path, engine: Engine) -> None:
    assert run(root, "up", "--on", "docker")[0] == Exit.OK
    subprocess.run(("rm", "-rf", str(root / ".stackproof")), check=True)
    assert status(root, "auto") == ["api"]
    code, _, errors = run(root, "up", "--on", "process")
    assert (code, f"error: {_NAME}-dev is up on docker already" in errors) == (Exit.USER, True)
    assert run(root, "down")[0] == Exit.OK
    assert left(engine) == []


def test_a_port_in_use(root: Path, engine: Engine) -> None:
    port = tomllib.loads((root / "stackproof.toml").read_text())["services"]["api"]["publish"]
    with socket.create_server(("127.0.0.1", port)):
        code, _, errors = run(root, "up", "--on", "docker")
    assert (code, f"error: port {port} of 127.0.0.1 is in use" in errors) == (Exit.USER, True)
    assert left(engine) == []


@pytest.mark.parametrize("until", ["sending the context", "up api: created"])
def test_an_engine_that_stops_in_mid_run(root: Path, engine: Engine, until: str) -> None:
    (root / "requirements.txt").write_text(f"flask  # {until}\n")
    with (
        proxy(engine) as (address, cut),
        begun(root, "up", "--on", "docker", environ={"DOCKER_HOST": address}, until=until) as process,
    ):
        cut()
        _, errors = process.communicate(timeout=PATIENCE)
    assert (process.returncode, "Traceback" in errors) == (Exit.TOOL, False), errors
    assert "the Docker Engine" in errors
    assert "  fix: " in errors
    assert run(root, "down")[0] == Exit.OK
    assert left(engine) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_a_proof_that_is_ended_leaves_nothing_for_long(
    root: Path, engine: Engine, tmp_path: Path, number: signal.Signals
) -> None:
    environ = {"TMPDIR": str(tmp_path)}
    words = ("prove", "--on", "docker", "--claim", "SP303")
    until = "up proxy: healthy" if number is signal.SIGKILL else "up proxy: created"
    with begun(root, *words, environ=environ, until=until) as process:
        process.send_signal(number)
        _, errors = process.communicate(timeout=PATIENCE)
    assert "Traceback" not in errors
    if number is signal.SIGKILL:
        code, output, errors = run(root, *words, environ=environ)
        assert (code, "1 proved" in output) == (Exit.OK, True), errors
    assert (left(engine), images(engine), list(tmp_path.iterdir())) == ([], set(), [])


def test_compose_takes_what_hostile_code_is_rendered_to(tmp_path: Path, engine: Engine) -> None:
    shop = project(tmp_path / "shop", _NAME, free_port())
    (shop / "settings.py").write_text(HOSTILE)
    assert run(shop, "render")[0] == Exit.OK
    for environment in ("dev", "stage", "prod"):
        file = str(shop / f"deploy/compose.{environment}.yaml")
        done = engine.command(
            "compose", "--file", file, "--env-file", "/dev/null", "config", "--quiet", timeout=PATIENCE
        )
        assert (done.exit_code, done.errors) == (0, "")


def test_a_disk_that_is_full(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ("mount", "-t", "tmpfs", "-o", "size=32k", "none", str(disk))
    if subprocess.run(mount, check=False, capture_output=True).returncode != 0:
        pytest.skip("only root can mount a small disk")
    try:
        root = project(disk, "full", free_port())
        for words in (("render",), ("render",), ("up", "--on", "process")):
            code, _, errors = run(root, *words)
            assert (code, "could not be written: No space left on device" in errors) == (Exit.TOOL, True)
            assert [path for path in root.rglob("*") if path.is_file() and path.parent != root] == []
            assert {path.name for path in root.iterdir()} - {"deploy"} == {
                "main.py",
                "requirements.txt",
                "stackproof.toml",
            }
        assert run(root, "down", "--on", "process")[1] == "nothing was running\n"
    finally:
        subprocess.run(("umount", str(disk)), check=True)


def _until_built(root: Path) -> None:
    until = time.monotonic() + PATIENCE
    while not _builders(root) and time.monotonic() < until:
        time.sleep(0.05)
    assert _builders(root)


def _builders(root: Path) -> list[int]:
    """Processes that still build this folder."""
    lines = [path for path in Path("/proc").glob("[0-9]*/cmdline") if path.exists()]
    return [int(path.parent.name) for path in lines if f"\0{root}\0" in _text(path) and "buildx" in _text(path)]


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8", "replace")
    except OSError:
        return ""

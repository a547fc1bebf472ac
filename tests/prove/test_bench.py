"""The real bench, with a real folder and real git, and with fakes for the engine and the runtime."""

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from stackproof.errors import BuildFailed, NotHealthy, Unmeasurable
from stackproof.model.artifacts import Artifact
from stackproof.model.running import Event, Progress, Running, ServiceState, Workshop
from stackproof.model.stack import AnyBuild, Because, Health, Secret, Stack
from stackproof.prove.bench import ProofBench
from stackproof.prove.images import RecordedWorkshop
from stackproof.prove.ledger import Ledger
from stackproof.tools import disk
from tests.prove.fakes import API, PROJECT, STACK, FakeRuntime, FakeWorkshop, quiet

ARTIFACTS = (Artifact("deploy/run.sh", "#!/bin/sh\n", 0o755),)
HEALTHY = replace(STACK, services=(replace(API, health=Health("http", "/health", 8000)),))


@dataclass
class _Stack:
    """As much of a running stack as the bench asks for; `waits` are the answers to `wait_for`."""

    status: str = "running"
    waits: list[float | None] = field(default_factory=list)
    stack: Stack = HEALTHY
    left_out: Mapping[str, str] = field(default_factory=lambda: {"proxy": "not here"})

    def states(self) -> tuple[ServiceState, ...]:
        return (ServiceState("api", self.status, "healthy"),)  # type: ignore[arg-type]

    def events(self) -> tuple[Event, ...]:
        return (Event(0.1, "api", "started"),)

    def wait_for(self, service: str, health: str, within: float) -> float | None:
        assert (service, health, within) == ("api", "healthy", 30.0)
        return self.waits.pop(0) if self.waits else 0.1


def _running(status: str = "running", waits: tuple[float | None, ...] = ()) -> Running:
    return _Stack(status, list(waits))  # type: ignore[return-value]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A checkout with a committed, a changed, an ignored and a large file, in a folder below the repository's."""
    root = tmp_path / "repository" / "shop"
    (root / "src" / "shop").mkdir(parents=True)
    (root / "src" / "shop" / "main.py").write_text("app = 1\n")
    (root / "run.sh").write_text("#!/bin/sh\n")
    (root / "run.sh").chmod(0o755)
    (root / "logo.bin").write_bytes(b"\0\1")
    (root / ".gitignore").write_text("local.py\n")
    (root / "local.py").write_text("here = 1\n")
    (root.parent / "other.txt").write_text("not ours\n")
    _git(root, "init", "-q", "..")
    _git(root, "add", "..")
    _git(root, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "first")
    (root / "src" / "shop" / "main.py").write_text("app = 2\n")
    return root


def _git(root: Path, *words: str) -> None:
    subprocess.run(("git", *words), cwd=root, check=True)


def _bench(
    root: Path,
    runtime: FakeRuntime | None = None,
    workshop: Workshop | None = None,
    notes: list[Progress] | None = None,
) -> ProofBench:
    return ProofBench(
        root=root,
        state=root / ".stackproof" / "prove",
        tree=disk.read(root),
        project=PROJECT,
        stack=HEALTHY,
        artifacts=ARTIFACTS,
        runtime=runtime or FakeRuntime([]),
        workshop=workshop,
        note=notes.append if notes is not None else quiet,
    )


def _files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_the_context_is_what_is_here(root: Path) -> None:
    with _bench(root) as bench, bench.context() as folder:
        assert _files(folder) == {".gitignore", "deploy/run.sh", "logo.bin", "run.sh", "src/shop/main.py"}
        assert (folder / "src/shop/main.py").read_text() == "app = 2\n"
        assert (folder / "run.sh").stat().st_mode & (folder / "deploy/run.sh").stat().st_mode & 0o111
    assert not folder.exists()


def test_the_clone_is_what_was_committed(root: Path) -> None:
    notes: list[Progress] = []
    with _bench(root, notes=notes) as bench, bench.clone() as folder:
        assert _files(folder) == {".gitignore", "deploy/run.sh", "logo.bin", "run.sh", "src/shop/main.py"}
        assert (folder / "src/shop/main.py").read_text() == "app = 1\n"
    assert not folder.exists()
    assert "with 1 changed files" in notes[-1].text


def test_no_checkout_has_no_clone(tmp_path: Path) -> None:
    with _bench(tmp_path) as bench, pytest.raises(Unmeasurable, match="not a git checkout"), bench.clone():
        pass


def test_no_commit_has_no_clone(tmp_path: Path) -> None:
    _git(tmp_path, "init", "-q")
    with _bench(tmp_path) as bench, pytest.raises(Unmeasurable, match="no commit yet"), bench.clone():
        pass


def test_without_an_engine_there_is_no_workshop(root: Path) -> None:
    with _bench(root) as bench, pytest.raises(Unmeasurable, match="no container engine"):
        bench.image()


def test_the_image_is_built_once_and_removed(root: Path) -> None:
    shop = FakeWorkshop()
    with _bench(root, workshop=shop) as bench:
        assert bench.image() is bench.image()
    assert shop.built == shop.discarded == ["shop:prod"]


def test_an_image_that_cannot_be_built_is_tried_once(root: Path) -> None:
    shop = FakeWorkshop(fails=True)
    with _bench(root, workshop=shop) as bench:
        for attempt in (bench.image, bench.image, bench.running):
            with pytest.raises(BuildFailed):
                attempt()
    assert len(shop.built) == 1


def test_the_stack_is_brought_up_once_and_taken_down(root: Path) -> None:
    runtime = FakeRuntime([_running()])
    with _bench(root, runtime, FakeWorkshop()) as bench:
        assert bench.running() is bench.running()
        assert bench.left_out == {"proxy": "not here"}
    assert runtime.did == ["up", "down volumes=True"]


def test_again_takes_it_down_without_its_volumes(root: Path) -> None:
    runtime = FakeRuntime([_running(), _running()])
    with _bench(root, runtime) as bench:
        assert bench.running() is not bench.again()
    assert runtime.did == ["up", "down volumes=False", "up", "down volumes=True"]


def test_secrets_are_those_of_the_proof(root: Path) -> None:
    secret = Secret("token", "password", Because("the shop's own"))
    with _bench(root) as bench:
        bench.stack = replace(HEALTHY, secrets=(secret,))
        assert len(bench.secret("token")) == 64
        assert bench.secret("token") == bench.secret("token")
        with pytest.raises(Unmeasurable, match="has no secret key"):
            bench.secret("key")


@pytest.mark.parametrize("broken", [_running("exited"), _running(waits=(None,))])
def test_a_broken_stack_is_brought_back(broken: Running, root: Path) -> None:
    runtime = FakeRuntime([broken, _running()])
    with _bench(root, runtime) as bench:
        assert bench.running() is not bench.running()
    assert runtime.did == ["up", "up", "down volumes=True"]


def test_a_stack_that_does_not_come_up_is_tried_once(root: Path) -> None:
    runtime = FakeRuntime([NotHealthy("api exited", fix="Read its log.")])
    with _bench(root, runtime) as bench:
        for _ in range(2):
            with pytest.raises(NotHealthy):
                bench.running()
    assert runtime.did == ["up", "down volumes=True"]


def test_an_interrupted_proof_leaves_nothing(root: Path) -> None:
    runtime, shop = FakeRuntime([_running()]), FakeWorkshop()
    folders: list[Path] = []
    with pytest.raises(KeyboardInterrupt):
        _interrupted(_bench(root, runtime, shop), folders)
    assert not folders[0].exists()
    assert runtime.did[-1] == "down volumes=True"
    assert shop.discarded == ["shop:prod"]


def _interrupted(bench: ProofBench, folders: list[Path]) -> None:
    with bench, bench.context() as folder:
        folders.append(folder)
        bench.running()
        raise KeyboardInterrupt


def test_what_a_killed_proof_left_is_taken_down_first(root: Path) -> None:
    state = root / ".stackproof" / "prove"
    state.mkdir(parents=True)
    (state / "ledger").write_text("stack shop-prod\nimage shop-prod-proof:cold\n")
    runtime, shop = FakeRuntime([]), FakeWorkshop()
    with _bench(root, runtime, shop):
        assert runtime.did == ["down volumes=True"]
        assert shop.discarded == ["shop-prod-proof:cold"]


def test_installing_on_an_engine_is_a_build_and_an_import_inside(root: Path) -> None:
    shop = FakeWorkshop(looks={"importing": {"imported": ["shop.main"]}, "import": {"imported": ["shop.main"]}})
    with _bench(root, workshop=shop) as bench, bench.context() as folder:
        done = bench.install(folder)
    assert done.exit_code == 0
    assert done.seconds == pytest.approx(2.1)
    assert shop.built == shop.discarded[:1] == ["shop-prod-proof:install"]


def test_a_failed_build_is_an_answer(root: Path) -> None:
    with _bench(root, workshop=FakeWorkshop(fails=True)) as bench, bench.context() as folder:
        assert bench.install(folder).errors == "RUN false: exit code 1"


def test_tools_run_in_the_folder_with_nothing_that_leads_away(root: Path) -> None:
    with _bench(root) as bench, bench.context() as folder:
        done = bench.tool(("uv", "--version"), folder)
        assert done.output.startswith("uv ")


def test_a_build_is_given_what_the_user_says_for_it_and_what_a_claim_plants(tmp_path: Path) -> None:
    def said(stack: Stack, image: AnyBuild) -> dict[str, str]:
        return {"VITE_TITLE": "a shop", "NAME": image.name} if stack is HEALTHY else {}

    inner = FakeWorkshop()
    with Ledger(tmp_path / "state", None) as ledger:
        workshop = RecordedWorkshop(inner, ledger, said)
        workshop.build(tmp_path, HEALTHY, tag="shop:proof")
        workshop.build(tmp_path, HEALTHY, tag="shop:proof", variables={"NAME": "planted"})
        workshop.build(tmp_path, STACK, tag="shop:proof")
    own = HEALTHY.build.name
    assert inner.given == [{"VITE_TITLE": "a shop", "NAME": own}, {"VITE_TITLE": "a shop", "NAME": "planted"}, {}]

"""Changed source files in a folder of the test's own, beside services that load them, or do not."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from stackproof.errors import Unmeasurable
from stackproof.model.proof import Judgement, Measurement, Verdict
from stackproof.model.running import Completed
from stackproof.model.source import SourceTree
from stackproof.model.stack import Bounds, Health, NodeBuild, Publish, Service
from stackproof.prove.hot_reload import CLAIM
from tests.prove.fake_running import API, REDIS, STACK, WORKER, FakeBench, FakeRunning
from tests.prove.fakes import FakeWorkshop

NODE = NodeBuild(
    "page", "page", "24", "node:24", "npm", None, "package-lock.json", (), (), "next", "build", (), ".next",
    public=False, target="dev",
)  # fmt: skip
WEB = replace(API, command=("uvicorn", "shop.main:app", "--reload"))
TASKS = replace(WORKER, command=("watchfiles", "celery -A shop.tasks worker", "/app/src"))
PAGE = Service(
    "page", "front", "page:dev", built=True, command=("next", "dev"), port=3000, software="node", build="page",
    publish=Publish("127.0.0.1", 3000), health=Health("http", "/", 3000),
)  # fmt: skip
DEV = replace(
    STACK, environment="dev", services=(REDIS, WEB, TASKS, PAGE), node=(NODE,),
    build=replace(STACK.build, import_roots=("src",)),
)  # fmt: skip
FILES = ("src/shop/main.py", "src/shop/tasks.py", "page/app/page.tsx")


@dataclass
class Reloading(FakeRunning):
    """Says what stands in the last lines of its files, as a service does that has loaded them."""

    folder: Path = Path()
    deaf: str = ""  # the service that does not reload
    served: bool = False  # the page's mark is in what is served, not in a log
    broken: bool = False

    def logs(self, service: str, replica: int = 1) -> str:
        if service == self.deaf or (service == "page" and self.served):
            return ""
        return "".join((self.folder / path).read_text() for path in FILES)

    def beside(
        self,
        service: str,
        port: int,
        script: str,
        timeout: float = 20.0,
        replica: int = 1,
        line: Callable[[str], None] | None = None,
    ) -> Completed:
        last = (self.folder / FILES[2]).read_text().splitlines()[-1]
        marked = self.served and service == "page" and last.split("'")[1] in script
        answer = {"status": 500 if self.broken else 200, "body": "", "said": "", "marked": marked, "problem": ""}
        return Completed(("python",), 0, 0.1, json.dumps({"answers": [answer]}))


def bench(folder: Path, up: Reloading) -> FakeBench:
    for path in FILES:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text("x = 1")
    up.folder = folder
    return FakeBench(up, tree=SourceTree(dict.fromkeys(FILES, b"")), folder=folder, shop=FakeWorkshop())


def judged(folder: Path, up: Reloading) -> Judgement:
    return CLAIM.judge(CLAIM.measure(bench(folder, up)), Bounds())


def test_every_kind_of_service_loads_what_was_changed(tmp_path: Path) -> None:
    judgement = judged(tmp_path, Reloading(DEV))
    assert judgement.verdict is Verdict.PROVED, judgement.because
    assert "api ran the changed src/shop/main.py after 0.0 s; worker ran the changed src/shop/tasks.py" in (
        judgement.because
    )
    assert (tmp_path / FILES[0]).read_text().startswith("x = 1\nprint('stackproof-")
    assert (tmp_path / FILES[2]).read_text().startswith("x = 1\nconsole.log('stackproof-")


def test_a_page_may_serve_the_mark(tmp_path: Path) -> None:
    judgement = judged(tmp_path, Reloading(DEV, served=True))
    assert judgement.verdict is Verdict.PROVED, judgement.because


@pytest.mark.parametrize(("service", "path"), [("api", FILES[0]), ("worker", FILES[1]), ("page", FILES[2])])
def test_one_that_does_not_reload_is_named(service: str, path: str, tmp_path: Path) -> None:
    judgement = judged(tmp_path, Reloading(DEV, deaf=service))
    assert judgement.verdict is Verdict.REFUTED
    assert judgement.because == f"{service} does not run the changed {path} within 45 s"


def test_on_plain_processes_a_front_end_is_left_out_and_named(tmp_path: Path) -> None:
    given = bench(tmp_path, Reloading(DEV, deaf="page"))
    given.shop = None
    judgement = CLAIM.judge(CLAIM.measure(given), Bounds())
    assert judgement.verdict is Verdict.PROVED
    assert judgement.because.endswith("; not asked, for on plain processes it runs on a copy: page")
    given.up.stack = replace(DEV, services=(REDIS, PAGE))
    with pytest.raises(Unmeasurable, match="runs on a copy"):
        CLAIM.measure(given)


def test_one_that_does_not_recover(tmp_path: Path) -> None:
    up = Reloading(DEV, stays_red=frozenset({"api"}))
    assert "api was not healthy again after src/shop/main.py was changed" in judged(tmp_path, up).because
    assert "api was not healthy" in judged(tmp_path, Reloading(DEV, broken=True, stays_red=frozenset({"api"}))).because


def test_a_service_whose_source_nobody_knows(tmp_path: Path) -> None:
    started = replace(WEB, command=("./serve",))
    up = Reloading(replace(DEV, services=(REDIS, started, PAGE)))
    given = bench(tmp_path, up)
    given.tree = SourceTree({})
    judgement = CLAIM.judge(CLAIM.measure(given), Bounds())
    assert judgement.verdict is Verdict.UNMEASURED
    assert judgement.because == "nothing says which source file api, page loads"


def test_it_is_about_development_alone() -> None:
    assert CLAIM.applies(DEV)
    assert not CLAIM.applies(STACK)
    assert not CLAIM.applies(replace(DEV, services=(REDIS,)))


def test_a_service_without_a_health_check_has_nothing_to_say(tmp_path: Path) -> None:
    unchecked = replace(DEV, services=(REDIS, replace(TASKS, health=None)))
    found: Measurement = CLAIM.measure(bench(tmp_path, Reloading(unchecked)))
    assert found.observed["seen"][0]["healthy"] == 0.0

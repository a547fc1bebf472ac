"""Grace times, gates and ignore files, read from small Compose files that are right, and wrong in one place."""

from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from stackproof.model.artifacts import Artifact
from stackproof.model.parts import CeleryPlan
from stackproof.model.proof import Claim, Judgement, Verdict
from stackproof.model.source import SourceTree
from stackproof.model.stack import Bounds, Need, Service
from stackproof.prove import composed, gates_on_health, grace_in_order, ignore_files_read
from tests.prove import fakes
from tests.prove.fakes import FakeBench

P, R, U = Verdict.PROVED, Verdict.REFUTED, Verdict.UNMEASURED
Said = dict[str, object]

HEALTH: Said = {"test": ["CMD", "probe"]}
API: Said = {
    "command": ["uvicorn", "app:app", "--timeout-graceful-shutdown", "10"],
    "stop_grace_period": "15s",
    "depends_on": {
        "redis": {"condition": "service_healthy"},
        "migrate": {"condition": "service_completed_successfully"},
    },
    "healthcheck": HEALTH,
    "build": {"context": ".."},
}
WORKER: Said = {
    "command": "celery -A app worker",
    "stop_grace_period": "1m5s",
    "environment": {"REMAP_SIGTERM": "SIGQUIT"},
    "depends_on": ["redis"],
    "build": "..",
}
PROXY: Said = {
    "command": ["nginx"],
    "stop_grace_period": "12s500ms",
    "depends_on": {"api": {"condition": "service_healthy"}},
}
REDIS: Said = {"healthcheck": {"test": "redis-cli -e ping"}, "restart": "unless-stopped"}
SERVICES: dict[str, Said] = {"redis": REDIS, "migrate": {}, "api": API, "worker": WORKER, "proxy": PROXY}
STACK = replace(
    fakes.STACK,
    services=(
        Service("redis", "store", "redis:7", False, ()),
        Service("migrate", "job", "shop:prod", True, (), one_shot=True),
        replace(fakes.API, needs=(Need("redis"), Need("migrate", "completed"))),
        Service("worker", "worker", "shop:prod", True, (), needs=(Need("redis"),)),
        Service("proxy", "proxy", "nginx", False, (), needs=(Need("api"),)),
    ),
    celery=CeleryPlan("shop", "app", (), True, 30.0, 60.0),
)
READ = ("Dockerfile", ".dockerignore", "src/app.py")


def judged(claim: Claim, tmp_path: Path, changed: dict[str, Said], files: tuple[str, ...] = READ) -> Judgement:
    """`changed`: what each of these services says besides, or instead."""
    services = {name: {**SERVICES.get(name, {}), **changed.get(name, {})} for name in {**SERVICES, **changed}}
    bench = FakeBench(
        tmp_path,
        stack=STACK,
        tree=SourceTree(dict.fromkeys(files, b"")),
        artifacts=(Artifact("deploy/compose.prod.yaml", yaml.safe_dump({"services": services}, sort_keys=False)),),
    )
    return claim.judge(claim.measure(bench), Bounds())


@pytest.mark.parametrize(
    ("changed", "verdict", "says"),
    [
        ({}, P, "api 10 of 15 s, worker 30 of 65 s"),
        (
            {"api": {"stop_grace_period": None}},
            R,
            "api in prod is killed after 10 s, and uvicorn's graceful shutdown may",
        ),
        (
            {"worker": {"stop_grace_period": "30s"}},
            R,
            "worker in prod is killed after 30 s, and Celery's soft shutdown",
        ),
        ({"worker": {"stop_grace_period": "5s", "environment": {}}}, P, "api 10 of 15 s"),
        (
            {"proxy": {"stop_grace_period": "9s"}},
            R,
            "proxy in prod is killed after 9 s, and api behind it may take 10 s",
        ),
        ({"api": {"command": ["python"]}, "worker": {"command": None}}, U, "no command says how long"),
    ],
)
def test_what_drains_is_done_before_it_is_killed(
    changed: dict[str, Said], verdict: Verdict, says: str, tmp_path: Path
) -> None:
    judgement = judged(grace_in_order.CLAIM, tmp_path, changed)
    assert judgement.verdict is verdict
    assert says in judgement.because


def waiting(**conditions: str) -> Said:
    return {"depends_on": {name: {"condition": f"service_{said}"} for name, said in conditions.items()}}


@pytest.mark.parametrize(
    ("changed", "verdict", "says"),
    [
        ({}, P, "4 gates can open: 2 healthy, 1 completed_successfully, 1 started"),
        (
            {"redis": {"healthcheck": {"disable": True}}},
            R,
            "waits for redis to be healthy, and redis has no health check",
        ),
        ({"redis": {"healthcheck": {"test": ["NONE"]}}}, R, "redis has no health check"),
        ({"migrate": {"restart": "always"}}, R, "migrate is started again each time it ends (always)"),
        ({"migrate": {"restart": "on-failure"}}, P, "4 gates"),
        ({"api": waiting(migrate="started")}, R, "api in prod waits for migrate, a job, but not for its end"),
        ({"api": waiting(gone="started")}, R, "api in prod waits for gone, which is not in the file"),
        ({"api": waiting(worker="started")}, R, "api in prod waits for worker, and nothing in the plan does"),
        ({"redis": {"profiles": ["more"]}}, R, "api in prod waits for redis, which only runs with a profile"),
        ({name: {"depends_on": None} for name in SERVICES}, U, "no service waits"),
    ],
)
def test_what_is_waited_for_can_come_true(
    changed: dict[str, Said], verdict: Verdict, says: str, tmp_path: Path
) -> None:
    judgement = judged(gates_on_health.CLAIM, tmp_path, changed)
    assert judgement.verdict is verdict
    assert says in judgement.because


def test_of_another_environment_the_plan_is_not_known(tmp_path: Path) -> None:
    text = yaml.safe_dump({"services": {"api": waiting(worker="started"), "worker": {}}})
    bench = FakeBench(tmp_path, stack=STACK, artifacts=(Artifact("deploy/compose.dev.yaml", text),))
    claim = gates_on_health.CLAIM
    assert claim.judge(claim.measure(bench), Bounds()).verdict is P


@pytest.mark.parametrize(
    ("files", "changed", "verdict", "says"),
    [
        (READ, {}, P, "read: .dockerignore for ."),
        ((*READ, "docs/Dockerfile", "docs/.dockerignore"), {}, P, "read: .dockerignore for ."),
        ((*READ, "Dockerfile.dockerignore"), {}, R, ".dockerignore is read by no build"),
        ((*READ, "docker/.dockerignore"), {}, R, "docker/.dockerignore is read by no build"),
        ((*READ, "test.Dockerfile", "test.Dockerfile.dockerignore"), {}, P, "read: .dockerignore for ."),
        ((*READ, "old.Dockerfile.dockerignore"), {}, R, "old.Dockerfile.dockerignore is read by no build"),
        (("Dockerfile",), {}, R, "everything in . is sent to the builder: there is no Dockerfile.dockerignore or"),
        (
            READ,
            {"api": {"build": {"context": "../src"}}},
            R,
            "there is no src/Dockerfile.dockerignore or src/.dockerignore",
        ),
    ],
)
def test_an_ignore_file_lies_where_it_is_read(
    files: tuple[str, ...], changed: dict[str, Said], verdict: Verdict, says: str, tmp_path: Path
) -> None:
    judgement = judged(ignore_files_read.CLAIM, tmp_path, changed, files)
    assert judgement.verdict is verdict
    assert says in judgement.because


def test_a_health_check_in_shell_form_is_a_command_too() -> None:
    assert composed.probe({"healthcheck": {"test": "curl $$URL"}}) == ("sh", "-c", "curl $URL")
    assert composed.probe({"healthcheck": {"test": ["CMD-SHELL", "curl x"]}}) == ("sh", "-c", "curl x")
    assert composed.probe({}) == ()

"""The story's own decisions: the ports of a proof, secrets before a start, what a runtime leaves out of both."""

import json
from pathlib import Path

import pytest

from stackproof import pipeline
from stackproof.cli.main import main
from stackproof.errors import UserError
from stackproof.model.stack import Stack
from stackproof.pipeline import secret_state, where
from stackproof.run import RUNTIMES, left_out

EXAMPLE = Path(__file__).parents[1] / "examples/tubeatlas"


def project(root: Path) -> Path:
    root.mkdir()
    (root / "requirements.txt").write_text("fastapi==0.121.0\nuvicorn==0.38.0\nredis==7.0.1\n")
    (root / "main.py").write_text(
        "import os\nimport redis\nfrom fastapi import FastAPI\n\n"
        'store = redis.Redis.from_url(os.environ.get("REDIS_URL", "redis://localhost:6379/0"))\napp = FastAPI()\n\n'
        '@app.get("/health")\ndef health():\n    return {}\n'
    )
    return root


def published(stack: Stack) -> list[int]:
    return [each.port for service in stack.services for each in (service.publish, *service.more) if each]


def test_a_proof_is_on_free_ports_and_its_redirect_follows() -> None:
    planned = pipeline.plan(EXAMPLE)
    proved = pipeline.stacks_for_proof(planned)
    users = {port for stack in planned.stacks.values() for port in published(stack)}
    assert not users & {port for stack in proved.values() for port in published(stack)}
    for stack in (proved["stage"], proved["prod"]):
        assert stack.proxy
        proxy = stack.service(stack.proxy.service)
        assert proxy.publish
        assert stack.proxy.https_port == proxy.publish.port
        assert len(proxy.more) == 1


def test_an_image_is_built_once_for_all_its_services() -> None:
    stack = pipeline.plan(EXAMPLE).stacks["prod"]
    assert [(tag, build.name) for tag, build in stack.images()] == [("tubeatlas:prod", "app")]


def test_what_will_not_run_needs_no_secrets(tmp_path: Path) -> None:
    stack = pipeline.plan(project(tmp_path / "shop")).stacks["prod"]
    process = RUNTIMES["process"]()
    left = where.left_out(stack, process, frozenset())
    assert "proxy" in left
    secret_state.looked_at(tmp_path, stack, make=True)  # passwords; certificates are nobody's to make
    with pytest.raises(UserError, match="tls-certificate"):
        secret_state.prepare(tmp_path, stack, frozenset(), lambda _: None)
    secret_state.prepare(tmp_path, stack, left, lambda _: None)


def test_nothing_is_said_about_what_was_left_out() -> None:
    stack = pipeline.plan(EXAMPLE).stacks["stage"]
    smaller = left_out.without(stack, {"proxy": "no nginx", "load": "no nginx"})
    assert (smaller.proxy, smaller.load) == (None, None)
    assert not smaller.has("proxy")
    stores = left_out.without(stack, {"redis": "a test"})
    assert {each.name for each in stack.volumes} - {each.name for each in stores.volumes} == {"redis"}


def test_the_secrets_command_makes_and_says(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = project(tmp_path / "shop")
    assert main(["secrets", "-C", str(root), "--env", "prod", "--check"]) == 2
    assert "redis-password" in capsys.readouterr().out
    assert not (root / "deploy").exists()
    assert main(["secrets", "-C", str(root), "--env", "prod", "--json"]) == 2
    said = json.loads(capsys.readouterr().out)
    assert said["made"] == ["redis-password"]
    assert [problem["name"] for problem in said["problems"]] == ["tls-certificate", "tls-key"]
    assert main(["secrets", "-C", str(root)]) == 0
    assert "made now" in capsys.readouterr().out
    assert main(["secrets", "-C", str(root)]) == 0
    assert "made now" not in capsys.readouterr().out
    password = (root / "deploy/secrets/dev/redis-password").read_text()
    assert password not in capsys.readouterr().out

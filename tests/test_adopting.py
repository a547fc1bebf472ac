"""Container files of the user's own, from the command line to the stack."""

from pathlib import Path

import pytest

from stackproof import pipeline
from stackproof.cli.main import main
from stackproof.errors import UserError
from stackproof.pipeline import where
from stackproof.pipeline.adopting import Given
from stackproof.pipeline.proving import asked

APP = 'from fastapi import FastAPI\n\napp = FastAPI()\n\n\n@app.get("/health")\ndef health():\n    return {}\n'
COMPOSE = """
services:
  api:
    build: .
    ports: ["8000:8000"]
    environment: {API_TOKEN: "${TOKEN:?said in .env}", LEVEL: "${LEVEL:-info}"}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "shop"
    root.mkdir()
    (root / "main.py").write_text(APP)
    (root / "requirements.txt").write_text("fastapi==0.121.3\n")
    (root / "Dockerfile").write_text("FROM python:3.13-slim\nWORKDIR /srv\nCMD uvicorn main:app --port 8000\n")
    (root / "docker-compose.yml").write_text(COMPOSE)
    (root / "prod.yml").write_text("services:\n  api:\n    mem_limit: 64m\n    environment: {LEVEL: warning}\n")
    (root / ".env").write_text("TOKEN=t0ken-of-the-env\n")
    (root / "other.env").write_text("TOKEN=0ther-t0ken\n")
    return root


def test_several_files_are_one_stack_of_a_name_of_its_own(project: Path) -> None:
    planned = pipeline.adopt(project, Given(("docker-compose.yml", "prod.yml")), "prod")
    stack = planned.stacks["prod"]
    assert stack.name == "shop-adopted-prod"
    assert stack.service("api").limits.memory_mb == 64
    assert planned.artifacts() == ()
    assert where.site(project, stack).state == project.resolve() / ".stackproof" / "adopted-prod"
    values = {each.name: each.value for each in stack.service("api").environment}
    assert values == {"API_TOKEN": "t0ken-of-the-env", "LEVEL": "warning"}


def test_a_proof_has_ports_and_a_name_of_its_own(project: Path) -> None:
    planned = pipeline.adopt(project, Given(("docker-compose.yml",), ("other.env",)), "prod")
    proved = pipeline.stacks_for_proof(planned)["prod"]
    published = proved.service("api").publish
    assert published is not None
    assert published.port != 8000
    assert proved.project.startswith("shop-adopted-prove-")
    assert proved.adopted is not None
    assert "0ther-t0ken" in proved.adopted.copy


def test_plan_shows_no_secret_of_the_files(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", "-C", str(project), "-f", "docker-compose.yml"]) == 0
    assert main(["plan", "-C", str(project), "-f", "docker-compose.yml", "--json"]) == 0
    said = capsys.readouterr().out
    assert "shop-adopted-dev" in said
    assert "docker-compose.yml:3" in said
    assert "t0ken-of-the-env" not in said


def test_a_project_that_cannot_be_planned_can_be_adopted(project: Path) -> None:
    (project / "main.py").unlink()
    (project / "requirements.txt").unlink()
    stack = pipeline.adopt(project, Given(("docker-compose.yml",)), "prod").stacks["prod"]
    assert stack.adopted is not None
    assert stack.adopted.unplanned.startswith("stackproof cannot plan this project by itself")
    _, unasked = asked((), stack, quick=False)
    assert unasked["SP102-lock-agrees"] == stack.adopted.unplanned


def test_claims_about_what_is_rendered_are_not_asked(project: Path) -> None:
    stack = pipeline.adopt(project, Given(("docker-compose.yml",)), "prod").stacks["prod"]
    claims, unasked = asked((), stack, quick=False)
    assert not {claim.id for claim in claims} & set(unasked)
    assert "one environment" in unasked["SP104-environments-apart"]
    with pytest.raises(UserError, match="none of these is asked of a stack that was adopted: SP104"):
        asked(("SP104",), stack, quick=False)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("-f", "missing.yml"), "missing.yml"),
        (("-f", "docker-compose.yml", "--on", "process"), "Compose files run on a Docker Engine only"),
        (("--env-file", "other.env"), "--env-file goes with --file"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(
    project: Path, words: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["up", "-C", str(project), *words]) == 2
    assert said in capsys.readouterr().err


def test_a_dockerfile_that_is_not_there_is_said_with_the_line_that_asks_for_it(project: Path) -> None:
    (project / "Dockerfile").unlink()
    with pytest.raises(UserError, match=r"docker-compose\.yml:\d+: Dockerfile: no such file"):
        pipeline.adopt(project, Given(("docker-compose.yml",)), "prod")


def test_the_next_command_names_the_files_again(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["logs", "-C", str(project), "--file", "docker-compose.yml", "--on", "process"]) == 2
    assert "--file docker-compose.yml" in capsys.readouterr().err

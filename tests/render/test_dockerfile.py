"""The Dockerfile: what each installer gets, and what no runtime holds."""

from dataclasses import replace

import pytest

from stackproof.model.facts import Fact, Installer
from stackproof.model.settings import Settings
from stackproof.model.source import Place
from stackproof.model.stack import ENVIRONMENTS
from stackproof.plan import plan
from stackproof.render import dockerfile, dockerignore
from tests.plan.small import ASGI, JOBS, READY, ROOT, SHOP, asks, locked, stack
from tests.plan.tubeatlas import PROJECT

HERE = Place("pyproject.toml", 1)
POETRY = Installer("poetry", "pyproject.toml", "poetry.lock", "2.1.0", ("dev", "docs"), HERE)
UV = Installer("uv", "pyproject.toml", "uv.lock", None, ("dev",), HERE)
BARE = Installer("pip", "requirements.txt", None, None, (), HERE)

KINDS: dict[str, tuple[Fact, ...]] = {
    "pip": (*SHOP, asks("pytest", "dev", "dev.txt")),
    "bare pip": (BARE, ROOT, ASGI, READY),
    "poetry": (POETRY, ROOT, ASGI, READY, locked("uvicorn", "0.54.0")),
    "uv": (UV, ROOT, ASGI, READY, locked("uvicorn", "0.54.0")),
    "worker": JOBS,
}


def text(*facts: Fact) -> str:
    (artifact,) = dockerfile.render({name: stack(*facts, environment=name) for name in ENVIRONMENTS})
    return artifact.text


def part(whole: str, stage: str) -> str:
    return next(piece for piece in whole.split("\nFROM ") if piece.splitlines()[0].endswith(f"AS {stage}"))


def test_poetry_exports_with_the_version_that_wrote_the_lock() -> None:
    whole = text(*KINDS["poetry"])
    assert "poetry@2.1.0 export" in part(whole, "builder")
    assert "--without dev,docs" in part(whole, "builder")
    assert "--all-groups" in part(whole, "builder-dev")
    assert "--require-hashes" in part(whole, "builder")


def test_uv_syncs_the_lock_and_not_the_project() -> None:
    whole = text(*KINDS["uv"])
    assert "uv sync --locked --no-install-project --no-default-groups" in part(whole, "builder")
    assert "uv sync --locked --no-install-project --all-groups" in part(whole, "builder-dev")


def test_a_manifest_below_the_top_is_named() -> None:
    uv = Installer("uv", "backend/pyproject.toml", "backend/uv.lock", None, (), HERE)
    poetry = Installer("poetry", "backend/pyproject.toml", "backend/poetry.lock", "2.1.0", (), HERE)
    assert "uv sync --locked --no-install-project --project backend" in text(uv, ROOT, ASGI, READY)
    assert "poetry@2.1.0 --directory backend export" in text(poetry, ROOT, ASGI, READY)


def test_pip_installs_the_lock_and_in_dev_the_other_files() -> None:
    whole = text(*KINDS["pip"])
    assert part(whole, "builder").count("-r ") == 1
    assert "-r requirements.txt -r dev.txt" in part(whole, "builder-dev")


def test_a_missing_server_is_installed_beside_the_lock() -> None:
    whole = text(*KINDS["bare pip"])
    assert "uv pip install -r requirements.txt" in whole
    assert "uv pip install uvicorn==" in whole


@pytest.mark.parametrize("kind", KINDS)
def test_the_dependency_layer_sees_nothing_of_the_code(kind: str) -> None:
    builder = part(text(*KINDS[kind]), "builder")
    copies = [line for line in builder.splitlines() if line.startswith("COPY")]
    assert copies == ["COPY --from=uv /uv /uvx /usr/local/bin/"]


@pytest.mark.parametrize("kind", KINDS)
def test_runtimes_hold_no_installer_and_no_root(kind: str) -> None:
    for stage in ("runtime", "dev"):
        image = part(text(*KINDS[kind]), stage)
        assert "uv" not in [word for line in image.splitlines() if line.startswith("COPY") for word in line.split("/")]
        assert "USER 10001:10001" in image
        assert "\nRUN" not in image


def test_the_image_alone_serves_the_web_application() -> None:
    image = part(text(*SHOP), "runtime")
    assert 'CMD ["gunicorn", "shop.web:create_app()", "--bind", "0.0.0.0:8000"' in image
    assert "EXPOSE 8000" in image


def test_a_worker_alone_is_what_the_image_runs() -> None:
    image = part(text(*JOBS), "runtime")
    assert 'CMD ["celery", "-A", "shop.jobs", "worker"' in image
    assert "EXPOSE" not in image


def test_a_service_without_health_check_has_none_in_the_image() -> None:
    planned = stack(*SHOP)
    bare = replace(planned, services=(replace(planned.services[0], health=None),))
    (artifact,) = dockerfile.render({"dev": bare, "stage": bare, "prod": bare})
    assert "HEALTHCHECK" not in artifact.text


def test_no_secret_and_no_network_of_the_host_is_named() -> None:
    whole = text(*KINDS["poetry"])
    assert "ARG" not in whole
    assert "--mount=type=secret,id=ca" in whole


def test_the_context_is_an_allow_list() -> None:
    (artifact,) = dockerignore.render({name: plan(PROJECT, Settings(), name) for name in ENVIRONMENTS})
    lines = [line for line in artifact.text.splitlines() if not line.startswith("#")]
    assert lines[:5] == ["*", "!deploy/health", "!poetry.lock", "!pyproject.toml", "!src"]
    assert {"**/.env*", "**/.git", "**/*.pem", "**/__pycache__"} < set(lines)


def test_development_files_are_in_the_context_too() -> None:
    (artifact,) = dockerignore.render({name: stack(*KINDS["pip"], environment=name) for name in ENVIRONMENTS})
    assert "!dev.txt" in artifact.text

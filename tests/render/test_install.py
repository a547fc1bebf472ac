"""Install lines of the Dockerfile, for each kind of project."""

from dataclasses import replace

import pytest

from stackproof.model.facts import Fact, Installer, OwnMetadata
from stackproof.model.source import Place
from stackproof.model.stack import ENVIRONMENTS
from stackproof.render import dockerfile, health
from tests.plan.small import ASGI, READY, ROOT, asks, locked, stack

HERE = Place("pyproject.toml", 1)
FACTS: tuple[Fact, ...] = (ROOT, ASGI, READY, locked("uvicorn", "0.54.0"))
PDM = Installer("pdm", "pyproject.toml", "pdm.lock", None, ("dev",), HERE)
PIPENV = Installer("pipenv", "Pipfile", "Pipfile.lock", None, ("dev",), HERE)
UV = Installer("uv", "pyproject.toml", "uv.lock", None, ("dev",), HERE)
PIP = Installer("pip", "requirements/prod.txt", None, None, (), HERE)
KINDS: dict[str, tuple[Fact, ...]] = {
    "pdm": (PDM,),
    "pipenv": (PIPENV,),
    "local folders": (replace(PIP, local=("setup.py",), inputs=("setup.py",)),),
    "debian": (PIP, asks("psycopg2"), asks("passlib")),
}


def text(*facts: Fact, said: str = "") -> str:
    (artifact,) = dockerfile.render({name: stack(*facts, *FACTS, said=said, environment=name) for name in ENVIRONMENTS})
    return artifact.text


@pytest.mark.parametrize(
    ("installer", "expected"),
    [
        (PDM, "PDM_CHECK_UPDATE=0 uvx pdm@2.29.3 export --prod --output /tmp/requirements.txt; \\"),
        (PDM, "uvx pdm@2.29.3 export --group dev --output"),
        (replace(PDM, manifest="api/pyproject.toml", lock="api/pdm.lock"), "export --project api --prod"),
        (PIPENV, "uvx pipenv@2026.10.3 requirements --hash --categories packages > /tmp/requirements.txt; \\"),
        (PIPENV, "--categories packages,dev-packages >"),
        (replace(PIPENV, manifest="api/Pipfile"), "cd api && UV_COMPILE_BYTECODE=0 uvx pipenv@"),
        (PIPENV, "uv pip install --require-hashes -r /tmp/requirements.txt"),
        (replace(PIPENV, vcs=True), "uv pip install -r /tmp/requirements.txt"),
        (replace(PDM, local=("libs/x/setup.py",)), "sed -E -i '\\,^"),
        (replace(UV, lock=None), "uv sync --no-install-project --no-default-groups"),
        (
            replace(UV, local=("libs/x/pyproject.toml",)),
            "--no-install-project --no-install-workspace --no-install-local",
        ),
        (replace(UV, kept=("web",)), "--no-default-groups --group web"),
        (replace(PIP, vcs=True), "apt-get install --yes --no-install-recommends git \\"),
        (
            replace(PIP, local=("setup.py",), inputs=("setup.py",)),
            "uv pip install -r requirements/prod.txt -r setup.py",
        ),
        (replace(PIP, local=("setup.py",)), "/tmp/given/requirements/prod.txt > requirements/prod.txt"),
        (replace(PIP, local=("setup.py",)), "source=requirements/prod.txt,target=/tmp/given/requirements/prod.txt"),
    ],
)
def test_install(installer: Installer, expected: str) -> None:
    assert expected in text(installer)


def test_constraints_are_a_file_of_the_builder() -> None:
    whole = text(PIP, asks("passlib", path="requirements/prod.txt"))
    assert "printf '%s\\n' 'bcrypt<5' > /tmp/constraints.txt" in whole
    assert "-c /tmp/constraints.txt" in whole


def test_packages_of_the_system_are_where_they_are_needed_and_leave_no_lists() -> None:
    whole = text(PIP, asks("psycopg2"))
    builder, _, rest = whole.partition("FROM builder AS builder-dev")
    assert "--no-install-recommends gcc libc6-dev libpq-dev \\\n && rm -rf /var/lib/apt/lists/*" in builder
    base = rest.partition(" AS base\n")[2]
    assert "RUN apt-get update \\\n && apt-get install --yes --no-install-recommends libpq5 \\" in base
    assert "gcc" not in base


def test_words_of_the_settings_stay_words() -> None:
    assert "uv pip install 'a; rm -rf /'" in text(PIP, said='packages = ["a; rm -rf /"]')


def test_the_metadata_that_the_code_asks_for_lies_on_the_import_path() -> None:
    own = OwnMetadata("My.Shop", "1.2", HERE)
    stacks = {name: stack(UV, own, *FACTS, environment=name) for name in ENVIRONMENTS}
    (found,) = [each for each in health.render(stacks) if each.path.endswith("METADATA")]
    assert found.path == "deploy/health/my_shop-1.2.dist-info/METADATA"
    assert found.text == "Metadata-Version: 2.1\nName: My.Shop\nVersion: 1.2\n"

"""Import roots and decoys: where modules are imported from, and which files do not count."""

import pytest

from stackproof.model.facts import Ambiguity, CeleryApp, ImportRoot, Installer, Variable, WebApp
from tests.detect.trees import Files, facts, project

READS = 'import os\nos.environ["{}"]\n'


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"app.py": ""}, [("", ("app",))]),
        ({"shop/__init__.py": "", "shop/main.py": ""}, [("", ("shop",))]),
        ({"src/shop/__init__.py": "", "src/shop/main.py": "", "tests/test_a.py": ""}, [("src", ("shop",))]),
        ({"src/main.py": ""}, [("src", ("main",))]),
        ({"src/__init__.py": "", "src/app.py": ""}, [("", ("src",))]),
        ({"src/app.py": "from src.db import x\n", "src/db.py": ""}, [("", ("src",))]),
        ({"app/main.py": "from app.db import x\n", "app/db.py": ""}, [("", ("app",))]),
        ({"app/main.py": "import db\n", "app/db.py": ""}, [("app", ("db", "main"))]),
        ({"app/main.py": ""}, [("", ("app",))]),
        (
            {"shop/tasks.py": "import logging\nfrom celery import x\n", "shop/celery.py": "", "shop/logging.py": ""},
            [("", ("shop",))],
        ),
        (
            {"backend/main.py": "from db.x import y\n", "backend/db/x.py": "", "run.py": ""},
            [("", ("run",)), ("backend", ("db", "main"))],
        ),
        ({"api/main.py": "", "api/requirements.txt": ""}, [("api", ("main",))]),
        ({"api/src/shop/main.py": "", "api/pyproject.toml": ""}, [("api/src", ("shop",))]),
        ({"frontend/requirements.txt": "", "app.py": ""}, [("", ("app",))]),
        ({"README.md": ""}, []),
    ],
)
def test_import_roots(files: Files, expected: list[tuple[str, tuple[str, ...]]]) -> None:
    assert [(root.path, root.packages) for root in facts(ImportRoot, files)] == expected


MONOREPO = {
    "pyproject.toml": "[tool.ruff]\nline-length = 100\n",
    "backend/pyproject.toml": '[project]\nname = "shop"\n',
    "backend/requirements.txt": "fastapi==1\n",
    "backend/shop/__init__.py": "",
    "backend/shop/main.py": "from fastapi import FastAPI\nfrom shop import db\napp = FastAPI()\n",
    "backend/shop/db.py": READS.format("REAL"),
    "ml/train.py": "import curves\nfrom shop.db import x\n" + READS.format("SCRIPT"),
    "ml/curves.py": "",
    "frontend/package.json": "{}",
    "frontend/node_modules/x/a.py": READS.format("NODE"),
}


def test_a_project_below_the_top_leaves_out_the_folders_beside_it() -> None:
    found = project(MONOREPO)
    assert [(root.path, root.packages, root.entries) for root in found.all(ImportRoot)] == [
        ("backend", ("shop",), ("backend",))
    ]
    assert [variable.name for variable in found.all(Variable)] == ["REAL"]
    assert [app.target for app in found.all(WebApp)] == ["shop.main:app"]
    installer = found.first(Installer)
    assert installer
    assert (installer.manifest, installer.lock) == ("backend/requirements.txt", "backend/requirements.txt")
    assert not found.all(Ambiguity)


def test_a_folder_beside_the_project_counts_when_the_project_imports_it() -> None:
    files = {**MONOREPO, "shared/names.py": READS.format("SHARED"), "run.py": "import shared.names\n"}
    found = facts(ImportRoot, files)
    assert [(root.path, root.entries) for root in found] == [("", ("run.py", "shared")), ("backend", ("backend",))]


def test_the_folder_that_asks_for_a_web_framework_goes_first() -> None:
    jobs = {"agents/requirements.txt": "numpy\n", "agents/a.py": ""}
    (doubt,) = facts(Ambiguity, {**MONOREPO, **jobs})
    assert (doubt.chosen, doubt.candidates) == ("backend", ("backend", "agents"))


@pytest.mark.parametrize(
    ("files", "manifest"),
    [
        ({"pyproject.toml": "[tool.uv]\npackage = false\n"}, "pyproject.toml"),
        ({"pyproject.toml": "[dependency-groups]\n", "requirements.txt": ""}, "requirements.txt"),
        ({"requirements/dev.txt": "", "requirements/prod.txt": ""}, "requirements/prod.txt"),
    ],
)
def test_a_manifest_at_the_top_goes_first(files: Files, manifest: str) -> None:
    found = facts(Installer, {**files, "backend/requirements.txt": "flask\n", "backend/a.py": ""})
    assert [item.manifest for item in found] == [manifest]


@pytest.mark.parametrize(
    ("name", "targets", "module"),
    [
        ("src/app/__init__.py", ["src.app:create_app"], "src.app.celery_app"),
        ("src/app/web.py", ["src.app.web:create_app"], "src.app.celery_app"),
    ],
)
def test_a_source_folder_that_is_imported_by_its_name(name: str, targets: list[str], module: str) -> None:
    celery = "from celery import Celery\ncelery = Celery('x')\n"
    web = "from flask import Flask\nfrom src.app.celery_app import celery\ndef create_app():\n    return Flask('x')\n"
    found = project({name: web, "src/app/celery_app.py": celery, "requirements.txt": "flask\n"})
    assert [root.path for root in found.all(ImportRoot)] == [""]
    assert [app.target for app in found.all(WebApp)] == targets
    assert [(app.module, app.attribute) for app in found.all(CeleryApp)][:1] == [(module, "celery")]


DECOYS = (
    "tests/a.py",
    "shop/tests/a.py",
    "conftest.py",
    "shop/test_a.py",
    "setup.py",
    "node_modules/x/a.py",
    ".hidden/a.py",
    "venv/lib/python3.12/site-packages/a.py",
    "env/lib/a.py",
    "docs/conf.py",
    "examples/a.py",
    "shop/migrations/0001.py",
    "legacy/app.py",
    "scripts/a.py",
)


def test_decoys_do_not_count() -> None:
    files = {path: READS.format(f"DECOY_{number}") for number, path in enumerate(DECOYS)}
    found = facts(Variable, {**files, "env/pyvenv.cfg": "", "app.py": READS.format("REAL")})
    assert [variable.name for variable in found] == ["REAL"]


def test_a_folder_beside_the_application_counts_when_the_application_imports_it() -> None:
    files = {
        "app.py": "import tools.one\n",
        "tools/__init__.py": "",
        "tools/one.py": "from tools import two\n" + READS.format("ONE"),
        "tools/two.py": READS.format("TWO"),
        "tools/three.py": READS.format("THREE"),
    }
    assert [variable.name for variable in facts(Variable, files)] == ["ONE", "TWO"]

"""Import roots and decoys: where modules are imported from, and which files do not count."""

import pytest

from stackproof.model.facts import ImportRoot, Variable
from tests.detect.trees import Files, facts

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

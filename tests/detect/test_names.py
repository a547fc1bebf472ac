"""Names followed from file to file, seen through the applications that are found by them."""

import pytest

from stackproof.model.facts import CeleryApp, WebApp
from tests.detect.trees import Files, facts

MADE = "from fastapi import FastAPI\ndef make():\n    return FastAPI()\n"


@pytest.mark.parametrize(
    "files",
    [
        {"m.py": "from a.b import make\napp = make()\n", "a/__init__.py": "", "a/b.py": MADE},
        {"m.py": "import a.b\napp = a.b.make()\n", "a/b.py": MADE},
        {"m.py": "import a.b as ab\napp = ab.make()\n", "a/b.py": MADE},
        {"m.py": "from a import make\napp = make()\n", "a/__init__.py": "from .make import make\n", "a/make.py": MADE},
        {
            "m.py": "from a import other\napp = other()\n",
            "a/__init__.py": "from .b import make as other\n",
            "a/b.py": MADE,
        },
        {"m.py": "from a.c.d import make\napp = make()\n", "a/c/d.py": "from ...a.b import make\n", "a/b.py": MADE},
        {"m.py": "from a import *\napp = make()\n", "a/__init__.py": "from .b import *\n", "a/b.py": MADE},
        {
            "m.py": "from a import *\nfrom b import *\napp = make()\n",
            "a.py": "",
            "b.py": "from c import make\n",
            "c.py": MADE,
        },
        {
            "m.py": "def lazily():\n    from a import make\n    return make\nfrom a import make\napp = make()\n",
            "a.py": MADE,
        },
        {"m.py": "from a import alias\napp = alias()\n", "a.py": MADE + "alias = make\n"},
        {"m.py": "from a import make\nwith x:\n    for _ in y:\n        app = make()\n", "a.py": MADE},
        {"m.py": "def make():\n    import fastapi\n    app = fastapi.FastAPI()\n    return app\napp = make()\n"},
        {
            "m.py": "from a import base\nmade = base\ndef make():\n    return made\napp = make()\n",
            "a.py": "import fastapi\nbase = fastapi.FastAPI()\n",
        },
    ],
)
def test_followed(files: Files) -> None:
    assert "m:app" in [app.target for app in facts(WebApp, files)]


@pytest.mark.parametrize(
    "files",
    [
        {"m.py": "from a import make\napp = make()\n", "a.py": "from b import make\n", "b.py": "from a import make\n"},
        {"m.py": "from . import make\nfrom .... import x\napp = make()\napp2 = x.y()\n"},
        {"m.py": "from a import make\nfrom a import nothing\napp = make.other()\napp2 = nothing()\n", "a.py": MADE},
        {"m.py": "import a\napp = a()\napp2 = (1)()\n", "a.py": MADE},
        {"__init__.py": "from .m import app\n", "m.py": "from . import app\nthing = app()\n"},
        {"m.py": "import a.c\napp = a.c.make()\n", "a/b.py": MADE},
        {"m.py": "class A(B): pass\nclass B(A): pass\napp = A()\n"},
    ],
)
def test_a_name_that_leads_nowhere_is_no_application(files: Files) -> None:
    assert not [app for app in facts(WebApp, files) if app.target.startswith("m:")]


def test_of_two_modules_with_one_name_both_are_read() -> None:
    app = "from db import helper\nfrom celery import Celery\napp = Celery()\n"
    files = {f"{folder}/main.py": app for folder in ("a", "b")}
    found = facts(CeleryApp, {**files, "a/db.py": "", "b/db.py": ""})
    assert [str(item.seen) for item in found] == ["a/main.py:3", "b/main.py:3"]

"""Application objects: what is one, what only looks like one, and which of several is served."""

import pytest

from stackproof.model.facts import Ambiguity, WebApp
from tests.detect.trees import Files, facts

FASTAPI = "from fastapi import FastAPI\n"
FLASK = "from flask import Flask\n"
FACTORY = FLASK + "def create_app(config=None):\n    app = Flask(__name__)\n    return app\n"
WSGI = "from django.core.wsgi import get_wsgi_application\napplication = get_wsgi_application()\n"
ASGI = "from django.core.asgi import get_asgi_application\napplication = get_asgi_application()\n"

ONE: list[tuple[Files, str]] = [
    ({"main.py": FASTAPI + "app = FastAPI()\n"}, "fastapi asgi main:app main.py:2"),
    ({"main.py": "import fastapi as f\napi: f.FastAPI = f.FastAPI()\n"}, "fastapi asgi main:api main.py:2"),
    (
        {"main.py": "from fastapi import FastAPI as F\ntry:\n    app = F()\nexcept E:\n    app = None\n"},
        "fastapi asgi main:app main.py:3",
    ),
    (
        {"src/shop/__init__.py": "", "src/shop/main.py": FASTAPI + "app = FastAPI()\n"},
        "fastapi asgi shop.main:app src/shop/main.py:2",
    ),
    ({"shop/__init__.py": FLASK + "app = Flask(__name__)\n"}, "flask wsgi shop:app shop/__init__.py:2"),
    ({"m.py": "from starlette.applications import Starlette\napp = Starlette()\n"}, "starlette asgi m:app m.py:2"),
    ({"m.py": FASTAPI + "class Api(FastAPI):\n    pass\napp = Api()\n"}, "fastapi asgi m:app m.py:4"),
    ({"m.py": FACTORY}, "flask wsgi m:create_app() m.py:2"),
    (
        {"m.py": FACTORY + "if __name__ == '__main__':\n    app = create_app()\n    app.run()\n"},
        "flask wsgi m:create_app() m.py:2",
    ),
    (
        {"shop/__init__.py": FACTORY, "run.py": "from shop import create_app\napp = create_app()\n"},
        "flask wsgi run:app run.py:2",
    ),
    (
        {"a/__init__.py": "from .b import *\n", "a/b.py": FACTORY, "run.py": "import a\napp = a.create_app()\n"},
        "flask wsgi run:app run.py:2",
    ),
    (
        {"m.py": FASTAPI + "def make():\n    return FastAPI()\ndef create_app():\n    return make()\n"},
        "fastapi asgi m:create_app() m.py:4",
    ),
    ({"m.py": FASTAPI + "def make(x):\n    return FastAPI()\napp = make(1)\n"}, "fastapi asgi m:app m.py:4"),
    ({"m.py": FASTAPI + "app = FastAPI()\napp = FastAPI()\nsame = app\n"}, "fastapi asgi m:app m.py:2"),
    (
        {"m.py": FASTAPI + "app = FastAPI()\nsub = FastAPI()\napp.mount('/v1', Wrapped(sub))\n"},
        "fastapi asgi m:app m.py:2",
    ),
    ({"m.py": FASTAPI + "app = FastAPI()\n", "w.py": "from m import app\n"}, "fastapi asgi m:app m.py:2"),
    (
        {"s/wsgi.py": WSGI, "s/asgi.py": ASGI, "s/settings.py": "WSGI_APPLICATION = 's.wsgi.application'\n"},
        "django wsgi s.wsgi:application s/wsgi.py:2",
    ),
    (
        {"s/wsgi.py": WSGI, "s/asgi.py": ASGI, "s/settings.py": "ASGI_APPLICATION = 's.asgi.application'\n"},
        "django asgi s.asgi:application s/asgi.py:2",
    ),
    (
        {"s/asgi.py": ASGI, "s/settings.py": "WSGI_APPLICATION = 's.wsgi.application'\n"},
        "django asgi s.asgi:application s/asgi.py:2",
    ),
    ({"s/wsgi.py": WSGI}, "django wsgi s.wsgi:application s/wsgi.py:2"),
    (
        {
            "s/asgi.py": ASGI.replace("application =", "inner =")
            + "from channels.routing import ProtocolTypeRouter\napplication = ProtocolTypeRouter({'http': inner})\n"
        },
        "django asgi s.asgi:application s/asgi.py:4",
    ),
]


@pytest.mark.parametrize(("files", "expected"), ONE)
def test_web_app(files: Files, expected: str) -> None:
    assert [_words(app) for app in facts(WebApp, files)] == [expected]
    assert not facts(Ambiguity, files)


def _words(app: WebApp) -> str:
    return f"{app.framework} {app.interface} {app.target}{'()' if app.factory else ''} {app.seen}"


@pytest.mark.parametrize(
    "text",
    [
        "from fastapi import APIRouter\nrouter = APIRouter()\n",
        "from flask import Blueprint\nbp = Blueprint('x', __name__)\n",
        FASTAPI + "def create(name):\n    return FastAPI(title=name)\n",
        FASTAPI + "def create(*, name):\n    return FastAPI(title=name)\n",
        FASTAPI + "async def create():\n    return FastAPI()\n",
        FASTAPI + "class Holder:\n    app = FastAPI()\n",
        FASTAPI + "if __name__ == '__main__':\n    app = FastAPI()\n",
        "def a():\n    return b()\ndef b():\n    return a()\n",
        "x = y\ny = x\ndef f():\n    return x\n",
        "def f():\n    return (lambda: 1)()\n",
        "from somewhere import *\nclass FastAPI: pass\napp = FastAPI()\n",
    ],
)
def test_no_web_app(text: str) -> None:
    assert not facts(WebApp, {"m.py": text})


SEVERAL: list[tuple[Files, list[str]]] = [
    ({"main.py": FASTAPI + "app = FastAPI()\n", "admin.py": FASTAPI + "app = FastAPI()\n"}, ["main:app", "admin:app"]),
    (
        {"main.py": FASTAPI + "def create_app():\n    return FastAPI()\n", "z.py": FASTAPI + "x = FastAPI()\n"},
        ["z:x", "main:create_app"],
    ),
    (
        {"a/b/main.py": FASTAPI + "app = FastAPI()\n", "a/main.py": FASTAPI + "app = FastAPI()\n"},
        ["a.main:app", "a.b.main:app"],
    ),
    ({"s/wsgi.py": WSGI, "s/asgi.py": ASGI}, ["s.wsgi:application", "s.asgi:application"]),
    (
        {"s/wsgi.py": WSGI, "s/asgi.py": ASGI, "s/settings.py": "WSGI_APPLICATION = name()\n"},
        ["s.wsgi:application", "s.asgi:application"],
    ),
]


@pytest.mark.parametrize(("files", "targets"), SEVERAL)
def test_several_candidates_are_an_ambiguity_with_its_setting(files: Files, targets: list[str]) -> None:
    assert [app.target for app in facts(WebApp, files)] == targets
    (doubt,) = facts(Ambiguity, files)
    assert (doubt.chosen, list(doubt.candidates)) == (targets[0], targets)
    assert doubt.setting == f'services.api.app = "{targets[0]}"'
    assert doubt.seen == facts(WebApp, files)[0].seen


@pytest.mark.parametrize(
    "stated",
    [
        {"pyproject.toml": '[tool.fastapi]\nentrypoint = "admin:app"\n'},
        {"Procfile": "worker: celery\nweb: gunicorn -w 2 'admin:app'\n"},
    ],
)
def test_what_the_project_says_itself_goes_first_and_leaves_no_doubt(stated: Files) -> None:
    files = {**SEVERAL[0][0], **stated}
    assert facts(WebApp, files)[0].target == "admin:app"
    assert not facts(Ambiguity, files)

"""Several applications: which of them serves a route, and which goes first."""

import pytest

from stackproof.model.facts import Ambiguity, HealthRoute, MetricsRoute, WebApp
from tests.detect.trees import Files, facts, project

FASTAPI = "from fastapi import APIRouter, FastAPI\n"
HEALTH = FASTAPI + "router = APIRouter()\n@router.get('/health')\ndef health():\n    return 503\n"
FACTORY = FASTAPI + (
    "def create(title) -> FastAPI:\n    app = FastAPI(title=title)\n    install(app)\n    return app\n"
    "def install(app: FastAPI, n=1):\n    @app.get('/health')\n    def health():\n        return 503\n"
)
ONE, TWO = "a.main:app", "b.main:app"

CASES: list[tuple[Files, list[str]]] = [
    (
        {"a/main.py": FASTAPI + "app = FastAPI()\n@app.get('/livez')\ndef l(): ...\n",
         "b/main.py": FASTAPI + "app = FastAPI()\n@app.get('/health')\ndef h(): ...\n"},
        [f"live /livez {ONE} a/main.py:3", f"live /health {TWO} b/main.py:3"],
    ),
    (
        {"h.py": HEALTH, "a/main.py": FASTAPI + "import h\napp = FastAPI()\napp.include_router(h.router)\n",
         "b/main.py": FASTAPI + "import h\napp = FastAPI()\napp.include_router(h.router, prefix='/b')\n"},
        [f"ready /health {ONE} h.py:3", f"ready /b/health {TWO} h.py:3"],
    ),
    (
        {"f.py": FACTORY, "a/main.py": "import f\napp = f.create('a')\n",
         "b/main.py": "import f\napp = f.create('b')\n"},
        [f"ready /health {ONE} f.py:7", f"ready /health {TWO} f.py:7"],
    ),
    (
        {"f.py": FACTORY, "a/main.py": FASTAPI + "import f\napp = FastAPI()\nf.install(app, n=2)\n",
         "b/main.py": FASTAPI + "app = FastAPI()\n"},
        [f"ready /health {ONE} f.py:7"],
    ),
    (
        {"f.py": FACTORY + "    def inner(app): ...\n    inner(app)\n",
         "a/main.py": FASTAPI + "import f\ndef create_app():\n    return f.create('a')\n",
         "b/main.py": FASTAPI + "def create_app():\n    return FastAPI()\n"},
        ["ready /health a.main:create_app f.py:7"],
    ),
    (
        {"f.py": FACTORY, "a/main.py": FASTAPI + "app = FastAPI()\n", "b/main.py": FASTAPI + "app = FastAPI()\n"},
        ["ready /health  f.py:7"],
    ),
    (
        {"m.py": FASTAPI + "app = FastAPI()\nsub = FastAPI()\napp.mount('/v1', sub)\napp.mount(path(), sub)\n"
         "app.mount('/s')\n@sub.get('/health')\ndef h(): ...\n"},
        ["live /v1/health m:app m.py:7"],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("files", "expected"), CASES)
def test_the_application_that_serves_a_route(files: Files, expected: list[str]) -> None:
    found = [f"{item.kind} {item.path} {item.app} {item.seen}" for item in facts(HealthRoute, files)]
    assert sorted(found) == sorted(expected)


def test_routes_of_different_applications_leave_no_doubt() -> None:
    found = project(CASES[1][0])
    assert [item.about for item in found.all(Ambiguity)] == ["web application"]


def test_the_setting_of_another_application_has_no_name_yet() -> None:
    text = FASTAPI + "app = FastAPI()\n@app.get('/ready')\ndef a(): ...\n@app.get('/x/ready')\ndef b(): ...\n"
    doubts = [item for item in facts(Ambiguity, {"a/main.py": text, "b/main.py": text}) if "health" in item.about]
    assert [item.setting for item in doubts] == ['services.api.health = "/ready"', 'services.NAME.health = "/ready"']


def test_metrics_of_several_applications() -> None:
    text = FASTAPI + "from prometheus_client import make_asgi_app\napp = FastAPI()\n"
    files = {"a/main.py": text, "b/main.py": text + "app.mount('/metrics', make_asgi_app())\n"}
    assert [item.app for item in facts(MetricsRoute, files)] == [TWO]


def test_a_package_named_for_the_web_goes_first() -> None:
    names = ("agent_app", "fastapi_app", "sms_app")
    files = {f"src/apps/{name}/main.py": FASTAPI + "app = FastAPI()\n" for name in names}
    targets = [app.target for app in facts(WebApp, files)]
    assert targets == ["apps.fastapi_app.main:app", "apps.agent_app.main:app", "apps.sms_app.main:app"]

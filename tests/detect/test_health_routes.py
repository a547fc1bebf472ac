"""Health routes: full paths through routers, live or ready, several of a kind."""

import pytest

from stackproof.model.facts import Ambiguity, HealthRoute
from tests.detect.trees import Files, facts

API = "from fastapi import FastAPI, APIRouter\napp = FastAPI()\n"
FLASK = "from flask import Flask, Blueprint\napp = Flask('x')\n"
VIEW = "def h(): ...\n"

CASES: list[tuple[Files, list[str]]] = [
    ({"m.py": API + "@app.get('/livez')\ndef h(): ...\n"}, ["live /livez m.py:3"]),
    ({"m.py": API + "@app.get('/readyz')\nasync def h(): ...\n"}, ["ready /readyz m.py:3"]),
    ({"m.py": API + "@app.get(path='/ping')\ndef h(): ...\n"}, ["live /ping m.py:3"]),
    ({"m.py": API + "@app.get('/health')\ndef h():\n    return {}\n"}, ["live /health m.py:3"]),
    ({"m.py": API + "@app.get('/health')\ndef h():\n    raise HTTPException(503)\n"}, ["ready /health m.py:3"]),
    (
        {"m.py": API + "@app.get('/health')\ndef h():\n    return R(status.HTTP_503_SERVICE_UNAVAILABLE)\n"},
        ["ready /health m.py:3"],
    ),
    (
        {
            "m.py": API
            + "def check():\n    fail(503)\n@app.get('/health')\ndef h():\n    check()\n    x()\n    (y)()()\n"
        },
        ["ready /health m.py:5"],
    ),
    (
        {"m.py": API + "@app.get('/health/live')\ndef a(): ...\n@app.get('/health')\ndef b(): ...\n"},
        ["live /health/live m.py:3", "ready /health m.py:5"],
    ),
    (
        {
            "m.py": API
            + "@app.post('/health')\ndef a(): ...\n@app.api_route('/ready', methods=['POST'])\ndef b(): ...\n"
        },
        [],
    ),
    (
        {
            "m.py": API
            + "@app.api_route('/ready', methods=['GET'])\ndef a(): ...\n@app.get('/items')\n@x\ndef b(): ...\n"
        },
        ["ready /ready m.py:3"],
    ),
    (
        {
            "m.py": API
            + "@app.get(name())\ndef a(): ...\n@app.get()\ndef b(): ...\n@other.get('/ready')\ndef c(): ...\n"
        },
        [],
    ),
    (
        {
            "m.py": API
            + "r = APIRouter(prefix='/v1')\n@r.get('/ready')\ndef a(): ...\napp.include_router(r, prefix='/api')\n"
        },
        ["ready /api/v1/ready m.py:4"],
    ),
    ({"m.py": API + "r = APIRouter()\n@r.get('/ready')\ndef a(): ...\n"}, []),
    (
        {
            "m.py": API + "from api import outer\napp.include_router(outer, prefix='/a')\n",
            "api.py": "from fastapi import APIRouter\nimport inner\nouter = APIRouter(prefix='/b')\n"
            "outer.include_router(inner.router, prefix='/c')\n",
            "inner.py": "from fastapi import APIRouter\nrouter = APIRouter()\n@router.get('/ready')\ndef a(): ...\n",
        },
        ["ready /a/b/c/ready inner.py:3"],
    ),
    ({"m.py": API + "r = APIRouter()\nr.include_router(r)\n@r.get('/ready')\ndef a(): ...\n"}, []),
    (
        {
            "m.py": "from fastapi import FastAPI\ndef make():\n    app = FastAPI()\n    @app.get('/ready')\n"
            "    def h(): ...\n    return app\n"
        },
        ["ready /ready m.py:4"],
    ),
    (
        {
            "m.py": API + "def build():\n    r = APIRouter()\n    @r.get('/ready')\n    def h(): ...\n"
            "    app.include_router(r, prefix='/x')\n"
        },
        ["ready /x/ready m.py:5"],
    ),
    ({"m.py": API + VIEW + "app.add_api_route('/ready', h)\n"}, ["ready /ready m.py:4"]),
    (
        {"m.py": "from starlette.routing import Route\nr = [Route('/ready', f), Route(x, f), Route()]\n"},
        ["ready /ready m.py:2"],
    ),
    ({"m.py": FLASK + "@app.route('/api/health')\ndef h():\n    return {}, 503\n"}, ["ready /api/health m.py:3"]),
    ({"m.py": FLASK + VIEW + "app.add_url_rule('/ready', view_func=h)\n"}, ["ready /ready m.py:4"]),
    (
        {
            "m.py": FLASK + "b = Blueprint('b', __name__, url_prefix='/api/')\n@b.route('/ready')\ndef h(): ...\n"
            "app.register_blueprint(b)\n"
        },
        ["ready /api/ready m.py:4"],
    ),
    (
        {
            "s/urls.py": "from django.urls import path, include\nfrom s import views\n"
            "urlpatterns = [path('health/', views.h), path('api/', include('s.more')),"
            " path(x, y), path('v/', V.as_view())]\n",
            "s/more.py": "from django.urls import path\nfrom . import views\nurlpatterns = [path('ready', views.h)]\n",
            "s/views.py": "def h(r): ...\n",
        },
        ["live /health/ s/urls.py:3", "ready /api/ready s/more.py:3"],
    ),
    (
        {
            "s/urls.py": "from django.urls import path, include\nimport gone\n"
            "urlpatterns = [path('health/', include('health_check.urls')),"
            " path('x/', include(gone)), path('y/', include(f()))]\n"
        },
        ["ready /health/ s/urls.py:3"],
    ),
    (
        {
            "s/urls.py": "from django.urls import path, include\nurlpatterns = [path('a/', include('t.urls'))]\n",
            "t/urls.py": "from django.urls import path, include\nurlpatterns = [path('a/', include('s.urls'))]\n",
        },
        [],
    ),
]


@pytest.mark.parametrize(("files", "expected"), CASES)
def test_health_routes(files: Files, expected: list[str]) -> None:
    assert [f"{route.kind} {route.path} {route.seen}" for route in facts(HealthRoute, files)] == expected


def test_several_of_a_kind_are_an_ambiguity_with_its_setting() -> None:
    text = API + "@app.get('/ready')\ndef a(): ...\n@app.get('/api/ready')\ndef b(): ...\n"
    (doubt,) = facts(Ambiguity, {"m.py": text})
    assert (doubt.chosen, doubt.candidates) == ("/ready", ("/ready", "/api/ready"))
    assert doubt.setting == 'services.api.health = "/ready"'


def test_urls_that_include_themselves_end() -> None:
    urls = "from django.urls import path, include\nurlpatterns = [path('a/', include('{0}.urls'))]\n"
    files = {"a/urls.py": urls.format("b"), "b/urls.py": urls.format("b")}
    assert not facts(HealthRoute, files)


def test_a_router_included_at_run_time_is_an_ambiguity() -> None:
    loop = "for r in routers:\n    app.include_router(r)\n"
    text = API + "r1 = APIRouter(prefix='/v1')\n@r1.get('/health')\ndef a(): ...\n@r1.get('/x')\ndef b(): ...\n" + loop
    text += "@x.get('/ready')\ndef c(): ...\n@x.get(name())\ndef d(): ...\n"
    (doubt,) = facts(Ambiguity, {"m.py": text})
    assert (doubt.setting, str(doubt.seen)) == ('services.api.health = "/v1/health"', "m.py:4")
    assert not facts(HealthRoute, {"m.py": text})

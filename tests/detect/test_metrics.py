"""Routes for Prometheus, and whether they count over several processes."""

import pytest

from stackproof.model.facts import MetricsRoute
from tests.detect.trees import Files, facts

API = "from fastapi import FastAPI\nfrom prometheus_client import make_asgi_app\napp = FastAPI()\n"
FLASK = "from flask import Flask\nfrom prometheus_client import make_wsgi_app\napp = Flask('x')\n"
INSTRUMENTATOR = API + "from prometheus_fastapi_instrumentator import Instrumentator\n"
EXPORTER = FLASK + "from prometheus_flask_exporter import PrometheusMetrics\n"
TWO = {"other.py": "from fastapi import FastAPI\napp = FastAPI()\n"}

CASES: list[tuple[Files, list[str]]] = [
    ({"m.py": API + "@app.get('/metrics')\ndef m(): ...\n"}, ["/metrics m:app m.py:4"]),
    (
        {"m.py": API + "@app.get('/internal/metrics/')\ndef m(): ...\n@app.get('/metrics-x')\ndef n(): ...\n"
         "app.mount('/metrics', make_asgi_app())\n"},
        ["/metrics m:app m.py:8", "/internal/metrics/ m:app m.py:4"],
    ),
    (
        {"m.py": API + "made = make_asgi_app()\napp.mount(path(), made)\napp.mount('/metrics', app=made)\n"},
        ["/metrics m:app m.py:6"],
    ),
    (
        {"m.py": API + "def own():\n    return x.y\ndef none():\n    return make()\n"
         "def made():\n    return make_asgi_app(registry=r)\n"
         "app.mount('/a', own())\napp.mount('/b', none())\napp.mount('/metrics', made())\nother('/c', made())\n"},
        ["/metrics m:app m.py:12"],
    ),
    (
        {"m.py": API + "from starlette.routing import Mount\nMount('/metrics', app=make_asgi_app())\napp.mount()\n"},
        ["/metrics m:app m.py:5"],
    ),
    (
        {"m.py": FLASK + "D(app.wsgi_app, {'/metrics': make_wsgi_app(), x(): make_wsgi_app(), '/x': y})\n"},
        ["/metrics m:app m.py:4"],
    ),
    ({"m.py": INSTRUMENTATOR + "Instrumentator().instrument(app).expose(app)\n"}, ["/metrics m:app m.py:5"]),
    (
        {"m.py": INSTRUMENTATOR + "i = Instrumentator()\ni.instrument(app)\ni.expose(app, endpoint='/m')\ni.expose()\n"
         "z.expose(app)\n"},
        ["/m m:app m.py:7"],
    ),
    ({"m.py": EXPORTER + "PrometheusMetrics(app, path='/m')\n"}, ["/m m:app m.py:5"]),
    ({"m.py": EXPORTER + "PrometheusMetrics()\n"}, ["/metrics m:app m.py:5"]),
    (
        {"m.py": INSTRUMENTATOR + "def instrument(app: FastAPI):\n    Instrumentator().expose(app)\n"
         "instrument(app)\n", **TWO},
        ["/metrics m:app m.py:6"],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("files", "expected"), CASES)
def test_metrics(files: Files, expected: list[str]) -> None:
    found = facts(MetricsRoute, files)
    assert [f"{item.path} {item.app} {item.seen}" for item in found] == expected
    assert not any(item.multiprocess for item in found)


@pytest.mark.parametrize(
    "text",
    [
        "import os\nos.environ.get('PROMETHEUS_MULTIPROC_DIR')\n",
        "from prometheus_client import multiprocess\nmultiprocess.MultiProcessCollector(r)\n",
        "from prometheus_client.multiprocess import MultiProcessCollector\nMultiProcessCollector(r)\n",
        "from pydantic_settings import BaseSettings\nclass S(BaseSettings):\n    prometheus_multiproc_dir: str = ''\n",
    ],
)
def test_metrics_over_several_processes(text: str) -> None:
    (found,) = facts(MetricsRoute, {"m.py": API + "app.mount('/metrics', make_asgi_app())\n", "n.py": text})
    assert found.multiprocess

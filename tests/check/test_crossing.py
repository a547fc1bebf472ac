"""What rules over several files see beyond the examples of their pages, and what they leave alone."""

import pytest

from stackproof.check import check
from stackproof.model.findings import Wanted
from tests.check.looking import inspected, seen

IMAGE = "FROM python:3.13-slim\nWORKDIR /app\nCOPY shop /app/shop\nUSER 10001:10001\n"
SERVED = IMAGE + 'CMD ["uvicorn", "shop.main:app", "--host", "0.0.0.0"]\n'
MAIN = "from fastapi import FastAPI\n\napp = FastAPI()\n"
APP = {"Dockerfile": SERVED, "shop/main.py": MAIN}


def service(words: str, name: str = "api", more: str = "") -> str:
    lines = "".join(f"    {line}\n" for line in words.splitlines())
    return f"services:\n  {name}:\n{lines}{more}"


TASKS = 'from celery import Celery\n\napp = Celery("s")\napp.conf.task_routes = {"s.t": {"queue": "slow"}}\n'
WORKER = 'build: .\ncommand: ["celery", "-A", "{}", "worker"{}]'
LONG = 'FROM python:3.13-slim\nENTRYPOINT ["uvicorn", "shop.main:app"]\nUSER 10001\n'
TWO_STAGES = """FROM python:3.13-slim AS packages
COPY requirements-dev.txt /tmp/
RUN pip install -r /tmp/requirements-dev.txt
FROM python:3.13-slim
COPY --from=packages /usr/local /usr/local
USER 10001
"""
SHELL = "#!/bin/sh\npython manage.py migrate\nexec gunicorn shop.wsgi -b :8000\n"
STARTS = 'FROM python:3.13-slim\nCOPY start.sh /\nENTRYPOINT ["/start.sh"]\nUSER 10001\n'
SIMPLE = "services:\n  web:\n    image: nginx:1.31\n"
NAMED = "services:\n  web:\n    image: nginx:1.31\n    container_name: {}\n  db:\n    image: redis:8\n"
VOLUME = "build: .\nvolumes:\n  - uploads:/app/uploads"
USED = "volumes:\n  uploads: {}\n"

CASES: dict[str, tuple[str, dict[str, str], int]] = {
    "a tool that RUN installs": (
        "SR301",
        {
            "Dockerfile": "FROM python:3.13-slim\nRUN apt-get install curl\n",
            "compose.yaml": service("build: .\nhealthcheck:\n  test: curl -f http://127.0.0.1"),
        },
        0,
    ),
    "the tool of an image that is pulled": (
        "SR301", {"compose.yaml": service("image: python:3.13-slim\nhealthcheck:\n  test: curl -f http://x")}, 1,
    ),
    "a health check that is switched off": (
        "SR302",
        {
            "Dockerfile": IMAGE + "HEALTHCHECK CMD true\n",
            "compose.yaml": "services:\n  a:\n    build: .\n    healthcheck:\n      disable: true\n"
            "  b:\n    image: x:1\n    depends_on:\n      a:\n        condition: service_healthy\n",
        },
        1,
    ),
    "a health check of the image": (
        "SR302",
        {
            "Dockerfile": IMAGE + "HEALTHCHECK CMD true\n",
            "compose.yaml": "services:\n  a:\n    build: .\n  b:\n    image: x:1\n"
            "    depends_on:\n      a:\n        condition: service_healthy\n",
        },
        0,
    ),
    "a variable of a service that is no Python": (
        "SR303",
        {"Dockerfile": IMAGE + 'CMD ["sleep", "1"]\n', "compose.yaml": service("build: .\nenvironment:\n  X: 1")},
        0,
    ),
    "a variable in an env_file": (
        "SR304",
        {
            **APP,
            "shop/main.py": MAIN + 'import os\nKEY = os.environ["KEY"]\n',
            "compose.yaml": service("build: .\nenv_file: prod.env"),
        },
        0,
    ),
    "a worker without queues takes from the usual one": (
        "SR305",
        {"Dockerfile": IMAGE, "shop/t.py": TASKS, "compose.yaml": service(WORKER.format("shop.t", ""))},
        1,
    ),
    "queues that a variable says": (
        "SR305",
        {
            "Dockerfile": IMAGE,
            "shop/t.py": TASKS,
            "compose.yaml": service(WORKER.format("shop.t", ', "-Q", "$$QUEUES"')),
        },
        0,
    ),
    "a soft shutdown that takes longer than Docker waits": (
        "SR306",
        {
            "Dockerfile": IMAGE,
            "shop/t.py": 'from celery import Celery\n\napp = Celery("s")\napp.conf.worker_soft_shutdown_timeout = 60\n',
            "compose.yaml": service(WORKER.format("shop.t", "")),
        },
        1,
    ),
    "a pattern that something matches": (
        "SR307", {"Dockerfile": "FROM scratch\nCOPY req*.txt /\n", "requirements.txt": ""}, 0,
    ),
    "a pattern that nothing matches": ("SR307", {"Dockerfile": "FROM scratch\nCOPY a/req*.txt /\n", "a/x": ""}, 1),
    "a source on the network": ("SR307", {"Dockerfile": "FROM scratch\nADD https://x.example/a /\n"}, 0),
    "a source with a variable": ("SR307", {"Dockerfile": "FROM scratch\nARG X\nCOPY $X /\n"}, 0),
    "a folder that .dockerignore keeps out": (
        "SR307", {"Dockerfile": "FROM scratch\nCOPY src /\n", "src/a": "", ".dockerignore": "src\n"}, 1,
    ),
    "a folder of which a file is kept in": (
        "SR307",
        {"Dockerfile": "FROM scratch\nCOPY src /\n", "src/a": "", ".dockerignore": "**\n!src/[a-c]?\n!src/a\n"},
        0,
    ),
    "the context of a service counts": (
        "SR307",
        {"api/Dockerfile": "FROM scratch\nCOPY a /\n", "a": "", "compose.yaml": service("build: api")},
        1,
    ),
    "a config that is not there": (
        "SR308",
        {"compose.yaml": SIMPLE + "configs:\n  a:\n    file: a.conf\n  b:\n    file: b.conf\n", "b.conf": ""},
        1,
    ),
    "packages that are copied to where a mount hides them": (
        "SR311",
        {
            **APP,
            "Dockerfile": SERVED + "COPY --from=x /v /app/.venv\n",
            "compose.yaml": service("build: .\nvolumes: ['.:/app', '.:/x']"),
        },
        1,
    ),
    "packages that are installed elsewhere": (
        "SR311",
        {
            **APP,
            "Dockerfile": SERVED + "ENV UV_PROJECT_ENVIRONMENT=/venv\nRUN uv sync\n",
            "compose.yaml": service("build: .\nvolumes: ['.:/app']"),
        },
        0,
    ),
    "a .env of a folder that is read by tests": ("SR312", {"tests/.env": "API_TOKEN=abc123x\n"}, 0),
    "a key by its name": ("SR312", {"deploy/id_rsa": "x"}, 1),
    "placeholders": ("SR312", {".env": "API_TOKEN=changeme\nNAME=shop\nDB_PASSWORD=\n"}, 0),
    "a health check that asks elsewhere": (
        "SR315", {**APP, "compose.yaml": service("build: .\nhealthcheck:\n  test: curl http://127.0.0.1:9000/")}, 1,
    ),
    "a port that nobody can say": (
        "SR315",
        {
            **APP,
            "compose.yaml": service('build: .\nports: ["8000:80"]\ncommand: ["uvicorn", "shop.main:app", "--fd", "3"]'),
        },
        0,
    ),
    "loopback in a command": (
        "SR316", {**APP, "compose.yaml": service('build: .\ncommand: ["uvicorn", "shop.main:app"]')}, 1,
    ),
    "loopback in the ENTRYPOINT of a service's image": (
        "SR316", {"Dockerfile": LONG, "compose.yaml": service("build: .")}, 1,
    ),
    "loopback in an entrypoint": (
        "SR316", {**APP, "compose.yaml": service('build: .\nentrypoint: ["uvicorn", "shop.main:app"]')}, 1,
    ),
    "loopback in the host's network": (
        "SR316", {"Dockerfile": LONG, "compose.yaml": service("build: .\nnetwork_mode: host")}, 0,
    ),
    "loopback on a shell's line": (
        "SR316", {"Dockerfile": "FROM python:3.13-slim\nENTRYPOINT uvicorn shop.main:app\nCMD x\n"}, 1,
    ),
    "a module of a dependency": (
        "SR317",
        {
            "Dockerfile": IMAGE + 'CMD ["uvicorn", "mlflow.server:app", "--host", "0.0.0.0"]\n',
            "requirements.txt": "mlflow==3.6.0\n",
            "compose.yaml": service("build: ."),
        },
        0,
    ),
    "the object behind the module": (
        "SR318",
        {"Dockerfile": IMAGE, "shop/t.py": TASKS, "compose.yaml": service(WORKER.format("shop.t.app", ""))},
        0,
    ),
    "a migration in a script": (
        "SR320",
        {"Dockerfile": STARTS, "start.sh": SHELL, "compose.yaml": service("build: .\ndeploy:\n  replicas: 2")},
        1,
    ),
    "a script of an image that is pulled": (
        "SR320", {"compose.yaml": service('image: x:1\ncommand: ["run.sh"]\nscale: 2')}, 0,
    ),
    "a stage that is copied from": ("SR321", {"Dockerfile": TWO_STAGES, "requirements-dev.txt": "pytest\n"}, 1),
    "a Dockerfile for developers": ("SR321", {"Dockerfile.dev": TWO_STAGES, "requirements-dev.txt": "pytest\n"}, 0),
    "COPY --chown to the volume": (
        "SR324",
        {"Dockerfile": IMAGE + "COPY --chown=10001 uploads /app/uploads\n", "compose.yaml": service(VOLUME, more=USED)},
        0,
    ),
    "a volume of root": (
        "SR324", {"Dockerfile": "FROM python:3.13-slim\n", "compose.yaml": service(VOLUME, more=USED)}, 0,
    ),
    "names of their own": (
        "SR403", {"compose.dev.yaml": NAMED.format("a"), "compose.prod.yaml": NAMED.format("b")}, 0,
    ),
    "environments with nothing in common": (
        "SR401", {"compose.dev.yaml": SIMPLE, "compose.prod.yaml": SIMPLE.replace("web", "shop")}, 0,
    ),
    "a port that the engine chooses": (
        "SR402",
        {
            "compose.dev.yaml": SIMPLE + "    ports: ['80']\n",
            "compose.prod.yaml": SIMPLE + "    ports: ['80']\n",
        },
        0,
    ),
    "an override without source": (
        "SR405",
        {
            "compose.yaml": SIMPLE,
            "compose.override.yaml": "services:\n  web:\n    ports: ['80']\n",
            "compose.prod.yaml": SIMPLE,
        },
        0,
    ),
    "an image that another service builds": (
        "SR322",
        {
            "Dockerfile": IMAGE,
            "compose.yaml": "services:\n  a:\n    build:\n      context: .\n      target: gone\n  b:\n    image: x:1\n",
        },
        1,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_cases(name: str) -> None:
    rule, files, count = CASES[name]
    assert len(seen(files, rule)) == count


def test_what_another_service_builds_is_known() -> None:
    shared = "services:\n  a:\n    build: .\n    image: shop:1\n  b:\n    image: shop:1\n    ports: ['8000:80']\n"
    assert [each.at.line for each in seen({**APP, "compose.yaml": shared}, "SR315")] == [7]


def test_a_folder_that_is_no_checkout_has_no_tracked_secrets() -> None:
    found = check(inspected({"id_rsa": ""}, origin="folder: not a git checkout"), Wanted(only=("SR312",)), ())
    assert found.findings == ()

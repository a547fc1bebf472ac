"""The facts of an application like examples/tubeatlas, by hand: plans and renderers are tested without detection."""

from stackproof.model.facts import (
    Backend,
    CeleryApp,
    CeleryOption,
    Distribution,
    Fact,
    Flower,
    HealthRoute,
    ImportRoot,
    Installer,
    Locked,
    Project,
    PythonVersion,
    Queue,
    Requirement,
    Task,
    TaskRoute,
    Variable,
    WebApp,
    WritablePath,
)
from stackproof.model.source import Place

CELERY = "src/tubeatlas/config/celery_app.py"
SETTINGS = "src/tubeatlas/config/settings.py"
QUEUES = ("transcripts", "kg_generation", "video_processing")
TASKS = ("process_transcript", "build_knowledge_graph", "index_video")


def _requirement(line: int, name: str, group: str = "") -> Requirement:
    return Requirement(name, "", group, (), Place("pyproject.toml", line))


def _locked(line: int, name: str, version: str) -> Locked:
    return Locked(name, version, Place("poetry.lock", line))


def _option(line: int, name: str, value: str, variable: str | None = None) -> CeleryOption:
    return CeleryOption(name, value, variable, Place(CELERY, line))


FACTS: tuple[Fact, ...] = (
    Installer("poetry", "pyproject.toml", "poetry.lock", "2.5.1", ("dev",), Place("poetry.lock", 1)),
    PythonVersion(">=3.11", False, Place("pyproject.toml", 6)),
    PythonVersion("3.11", True, Place(".python-version", 1)),
    Distribution("tubeatlas", True, Place("pyproject.toml", 2)),
    ImportRoot("src", ("tubeatlas",), Place("src/tubeatlas/__init__.py"), ("src",)),
    _requirement(8, "aiosqlite"),
    _requirement(9, "celery"),
    _requirement(10, "fastapi"),
    _requirement(11, "flower"),
    _requirement(14, "uvicorn"),
    _requirement(21, "httpx", "dev"),
    _requirement(25, "watchfiles", "dev"),
    _locked(100, "celery", "5.7.0"),
    _locked(200, "fastapi", "0.165.0"),
    _locked(300, "redis", "8.1.0"),
    _locked(400, "uvicorn", "0.54.0"),
    WebApp("fastapi", "tubeatlas.main:app", False, "asgi", Place("src/tubeatlas/main.py", 20)),
    HealthRoute("/health/live", "live", Place("src/tubeatlas/main.py", 30)),
    HealthRoute("/health", "ready", Place("src/tubeatlas/main.py", 35)),
    CeleryApp("tubeatlas.config.celery_app", "app", False, Place(CELERY, 16)),
    CeleryApp("tubeatlas.celery_app", "app", True, Place("src/tubeatlas/celery_app.py", 3)),
    *(Queue(name, Place(CELERY, 21 + line)) for line, name in enumerate(QUEUES)),
    *(Task(f"tubeatlas.tasks.{name}", Place("src/tubeatlas/tasks.py", 10 * n)) for n, name in enumerate(TASKS, 1)),
    *(
        TaskRoute(f"tubeatlas.tasks.{task}", queue, Place(CELERY, 28 + n))
        for n, (task, queue) in enumerate(zip(TASKS, QUEUES, strict=True))
    ),
    _option(33, "task_acks_late", "True"),
    _option(40, "worker_soft_shutdown_timeout", "10", "SOFT_SHUTDOWN_SECONDS"),
    _option(45, "visibility_timeout", "20", "VISIBILITY_TIMEOUT_SECONDS"),
    Backend("sqlite", "DATABASE_URL", "sqlite+aiosqlite:///data/tubeatlas.db", Place(SETTINGS, 27)),
    Backend("redis", "REDIS_URL", "redis://127.0.0.1:6379/0", Place(SETTINGS, 30)),
    Variable("DATABASE_URL", "sqlite+aiosqlite:///data/tubeatlas.db", False, False, "str", Place(SETTINGS, 27)),
    Variable("REDIS_URL", "redis://127.0.0.1:6379/0", False, False, "str", Place(SETTINGS, 30)),
    Variable("LOG_LEVEL", "INFO", False, False, "str", Place(SETTINGS, 31)),
    Variable("API_TOKEN", None, False, True, "str", Place(SETTINGS, 32)),
    Variable("MAX_BODY_BYTES", "4000000", False, False, "int", Place(SETTINGS, 33)),
    Variable("SOFT_SHUTDOWN_SECONDS", "10", False, False, "float", Place(SETTINGS, 38)),
    Variable("VISIBILITY_TIMEOUT_SECONDS", "20", False, False, "int", Place(SETTINGS, 37)),
    WritablePath("data", Place(SETTINGS, 27)),
    Flower(Place("pyproject.toml", 11)),
)

PROJECT = Project("tubeatlas", FACTS, "git: tracked files")

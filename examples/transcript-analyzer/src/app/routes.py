"""The HTTP interface: the page, jobs and their results, health and metrics."""

import logging
from dataclasses import dataclass
from typing import Any, NoReturn
from uuid import UUID, uuid4

from flask import Blueprint, Response, abort, current_app, render_template, request, send_file
from flask import session as cookie
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError
from werkzeug.exceptions import HTTPException

from src.app import jobs as states
from src.app import tasks
from src.app.analysis import Prompts, has_words
from src.app.health import Health
from src.app.jobs import Jobs
from src.app.metrics import Metrics
from src.app.results import Results

_TITLE_CHARACTERS = 200
_RECENT = 10  # a visitor's own jobs, as many as a cookie has room for

_log = logging.getLogger(__name__)

pages = Blueprint("pages", __name__)


@dataclass(frozen=True)
class Parts:
    """What the routes work with; one set for each application."""

    jobs: Jobs
    results: Results
    health: Health
    metrics: Metrics
    prompts: Prompts


@pages.get("/")
def index() -> tuple[str, int]:
    try:
        recent, away = _recent(), False
    except RedisError:
        recent, away = [], True
    page = render_template(
        "index.html", recent=recent, away=away, prompts=_parts().prompts.values()
    )
    return page, 503 if away else 200


@pages.post("/api/jobs")
def submit() -> tuple[dict[str, str], int]:
    title, text = _submitted()
    job_id = str(uuid4())
    _keep(job_id, title, text)
    _queue(job_id)
    cookie["jobs"] = [job_id, *_own()][:_RECENT]
    _log.info("job %s: queued, %d characters", job_id, len(text))
    return {"id": job_id, "state": states.QUEUED}, 202


@pages.get("/api/jobs")
def recent() -> list[dict[str, Any]]:
    return _recent()


@pages.get("/api/jobs/<uuid:job_id>")
def show(job_id: UUID) -> dict[str, Any]:
    return _status(job_id)


@pages.get("/api/jobs/<uuid:job_id>/result")
def result(job_id: UUID) -> Response:
    return _result(job_id, download=False)


@pages.get("/api/jobs/<uuid:job_id>/download")
def download(job_id: UUID) -> Response:
    return _result(job_id, download=True)


@pages.get("/api/health")
def ready() -> tuple[dict[str, object], int]:
    """200 when Redis and the output folder can be used, else 503 and which of them cannot."""
    checks = _parts().health.checks()
    if set(checks.values()) == {"ok"}:
        return {"status": "ok", "checks": checks}, 200
    return {"status": "failing", "checks": checks}, 503


@pages.get("/api/health/live")
def live() -> dict[str, str]:
    """The process answers; says nothing about what it needs."""
    return {"status": "ok"}


@pages.get("/metrics")
def metrics() -> Response:
    return Response(_parts().metrics.page(), mimetype="text/plain; version=0.0.4")


@pages.app_errorhandler(HTTPException)
def _refused(error: HTTPException) -> tuple[dict[str, str | None], int]:
    return {"error": error.description}, error.code or 500


@pages.app_errorhandler(RedisError)
def _store_away(error: RedisError) -> tuple[dict[str, str], int]:
    _log.error("the job store cannot be used: %s", type(error).__name__)
    return {"error": "the job store cannot be reached, try again"}, 503


def _submitted() -> tuple[str, str]:
    body = request.get_json()
    if not isinstance(body, dict):
        abort(400, "a JSON object with title and text is needed")
    title, text = body.get("title"), body.get("text")
    if not isinstance(title, str) or not 1 <= len(title.strip()) <= _TITLE_CHARACTERS:
        abort(400, f"title must be a text of 1 to {_TITLE_CHARACTERS} characters")
    if not isinstance(text, str) or not has_words(text):
        abort(400, "text must be a text with at least one word")
    try:
        f"{title}{text}".encode()
    except UnicodeEncodeError:  # half of a surrogate pair, which JSON can express
        abort(400, "title and text must be valid Unicode")
    return title.strip(), text


def _keep(job_id: str, title: str, text: str) -> None:
    try:
        _parts().results.save(job_id, tasks.TRANSCRIPT, text)
        _parts().jobs.add(job_id, title)
    except (RedisError, OSError) as error:
        _parts().results.remove(job_id)
        _not_queued(job_id, error)


def _queue(job_id: str) -> None:
    try:
        tasks.start.apply_async((job_id,), retry=False)
    except (RedisError, OperationalError) as error:
        # A message that got through after all finds no job, and says so in the worker's log.
        _parts().results.remove(job_id)
        _parts().jobs.remove(job_id)
        _not_queued(job_id, error)


def _not_queued(job_id: str, error: Exception) -> NoReturn:
    _log.error("job %s: not queued: %s", job_id, type(error).__name__)
    abort(503, "the job could not be queued, try again")


def _status(job_id: UUID) -> dict[str, Any]:
    status = _parts().jobs.status(str(job_id))
    if status is None:
        abort(404, "no such job")
    return status


def _result(job_id: UUID, download: bool) -> Response:
    status = _status(job_id)
    if status["state"] != states.DONE:
        abort(409, f"the job is {status['state']}, it has no result")
    file = _parts().results.path(str(job_id), tasks.RESULT).resolve()
    if not file.is_file():
        abort(404, "the result is gone")
    return send_file(
        file,
        mimetype="application/json",
        as_attachment=download,
        download_name=f"analysis-{job_id}.json",
    )


def _recent() -> list[dict[str, Any]]:
    found = (_parts().jobs.status(job_id) for job_id in _own())
    return [status for status in found if status is not None]


def _own() -> list[str]:
    return [str(job_id) for job_id in cookie.get("jobs", [])]


def _parts() -> Parts:
    found: Parts = current_app.extensions["parts"]
    return found

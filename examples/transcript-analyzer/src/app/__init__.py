"""The web application: gunicorn --worker-class gthread --workers 1 "src.app:create_app()" """

import logging
from pathlib import Path
from time import monotonic

from flask import Flask, Response, g, request
from werkzeug.middleware.proxy_fix import ProxyFix

from src.app import jobs, logs, prompts, sockets
from src.app.health import Health
from src.app.metrics import Metrics
from src.app.results import Results
from src.app.routes import Parts, pages
from src.app.settings import Settings, get_settings

_log = logging.getLogger(__name__)


def create_app(settings: Settings | None = None) -> Flask:
    settings = settings or get_settings()
    logs.configure(settings.log_level)
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY=settings.signing_key(),
        SESSION_COOKIE_SECURE=settings.cookie_secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=settings.max_body_bytes,
    )
    store = jobs.connect(settings)
    results = Results(Path(settings.output_dir))
    metrics = Metrics()
    metrics.attach(app)
    app.extensions["parts"] = Parts(
        jobs=store,
        results=results,
        health=Health(store, results),
        metrics=metrics,
        prompts=prompts.load(settings.prompts_dir),
    )
    app.register_blueprint(pages)
    app.before_request(_note_the_time)
    app.after_request(_finished)
    sockets.attach(app, settings, store)
    if proxies := settings.trusted_proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies
        )
    return app


def _note_the_time() -> None:
    g.since = monotonic()


def _finished(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = "default-src 'self'; frame-ancestors 'none'"
    response.headers["X-Content-Type-Options"] = "nosniff"
    fields = {
        "method": request.method,
        "path": request.path,
        "status": response.status_code,
        "seconds": round(monotonic() - g.since, 4) if "since" in g else None,
        "client": request.remote_addr,
    }
    _log.info("request", extra={"fields": fields})
    return response

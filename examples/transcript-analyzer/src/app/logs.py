"""Logs: one JSON object per line on standard output, at the level that LOG_LEVEL names."""

import json
import logging
import sys
import time

_OURS = ("src.app", "celery")
# At INFO these tell of every packet.
_QUIET = ("socketio", "engineio")
# These bring handlers of their own, which would print lines of another form.
_LOUD = ("gunicorn.error", "werkzeug", "celery")


class JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
            + f".{int(record.msecs):03d}Z",
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def configure(level: str) -> None:
    """Libraries stay at INFO: their DEBUG lines hold whole messages."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonLines())
    floor = max(logging.getLevelNamesMapping()[level], logging.INFO)
    logging.basicConfig(handlers=[handler], level=floor, force=True)
    for name in _LOUD:
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
    # The application logs its requests itself, with fields.
    access = logging.getLogger("gunicorn.access")
    access.handlers.clear()
    access.propagate = False
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    for name in _OURS:
        logging.getLogger(name).setLevel(level)

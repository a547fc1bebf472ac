"""Log records become lines of JSON on standard output."""

import json
import logging
import sys
from datetime import UTC, datetime

_UVICORN = ("uvicorn", "uvicorn.error", "uvicorn.access")


class _JsonLine(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "worker": record.process,
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def configure(level: str) -> None:
    """Takes over uvicorn's loggers; requests are logged by our own middleware."""
    out = logging.StreamHandler(sys.stdout)
    out.setFormatter(_JsonLine())
    everything = max(logging.getLevelNamesMapping()[level], logging.INFO)
    logging.basicConfig(handlers=[out], level=everything, force=True)
    logging.getLogger("exoplanet").setLevel(level)
    for name in _UVICORN:
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
    logging.getLogger("uvicorn.access").disabled = True

"""Logs: one line per event on standard output, at the level that LOG_LEVEL names."""

import logging
import sys

_OURS = ("tubeatlas", "celery", "uvicorn", "uvicorn.error", "uvicorn.access")


def configure(level: str) -> None:
    """Libraries stay at INFO: their DEBUG lines hold whole transcripts."""
    logging.basicConfig(
        stream=sys.stdout,
        level=max(logging.getLevelNamesMapping()[level], logging.INFO),
        format="%(asctime)s %(levelname)s %(name)s %(message)s",
        force=True,
    )
    for name in _OURS:
        logging.getLogger(name).setLevel(level)

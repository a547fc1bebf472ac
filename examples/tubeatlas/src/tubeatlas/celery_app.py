"""For the command line: celery -A tubeatlas.celery_app worker --loglevel=info"""

from tubeatlas.config.celery_app import app

__all__ = ["app"]

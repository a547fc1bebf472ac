"""SR143: Python writes its log at once."""

from collections.abc import Iterator

from stackproof.check.rules.dockerfile.looking import final, over, sighting, started
from stackproof.model.dockerfile import Dockerfile
from stackproof.model.findings import Rule, Sighting

_PYTHON = frozenset(
    {"python", "python3", "gunicorn", "uvicorn", "celery", "hypercorn", "daphne", "flask", "rq", "arq", "dramatiq"}
)


def _look(file: Dockerfile) -> Iterator[Sighting]:
    found = started(file)
    if found is None or "PYTHONUNBUFFERED" in final(file).env:
        return
    said, listed = found
    program = listed[0].rsplit("/", 1)[-1] if listed else ""
    if program in _PYTHON and "-u" not in listed:
        yield sighting(said, f"what {program} prints waits in a buffer")


RULE = Rule(
    id="SR143-python-buffered",
    says="Python writes its log at once.",
    fix="Set `ENV PYTHONUNBUFFERED=1`.",
    severity="info",
    profile="recommended",
    check=over(_look),
)

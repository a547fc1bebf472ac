"""SR158: no package manager starts the server."""

from collections.abc import Iterator

from stackproof.check.rules.dockerfile.looking import over, sighting, started
from stackproof.model.dockerfile import Dockerfile
from stackproof.model.findings import Rule, Sighting

_STARTS = frozenset(
    {("uv", "run"), ("poetry", "run"), ("pipenv", "run"), ("pdm", "run"), ("hatch", "run"), ("conda", "run")}
)


def _look(file: Dockerfile) -> Iterator[Sighting]:
    found = started(file)
    if found is None:
        return
    said, listed = found
    names = tuple(each.rsplit("/", 1)[-1] for each in listed[:2])
    if names in _STARTS and "dev" not in (file.stages[-1].name or "") and "dev" not in file.path.lower():
        yield sighting(said, f"`{' '.join(names)}` may resolve, write and load packages at every start")


RULE = Rule(
    id="SR158-package-manager-starts",
    says="No package manager starts the server.",
    fix="Start the program of the environment: `/app/.venv/bin/uvicorn`.",
    severity="warning",
    profile="recommended",
    check=over(_look),
)

"""SR127: the image starts a server made for production."""

from collections.abc import Iterator

from stackproof.check.rules.dockerfile.looking import over, sighting, started
from stackproof.model.dockerfile import Dockerfile
from stackproof.model.findings import Rule, Sighting

_RELOADING = frozenset({"uvicorn", "gunicorn", "hypercorn", "granian", "fastapi"})
_SCRIPTS = frozenset({"dev", "start:dev", "serve:dev"})


def _look(file: Dockerfile) -> Iterator[Sighting]:
    found = started(file)
    if found is None or "dev" in file.path.lower() or "dev" in (file.stages[-1].name or ""):
        return
    said, listed = found
    if reason := _development(listed):
        yield sighting(said, f"`{reason}` is for development")


def _development(listed: tuple[str, ...]) -> str:
    names = tuple(each.rsplit("/", 1)[-1] for each in listed)
    if "manage.py" in names and "runserver" in names:
        return "manage.py runserver"
    if names[:1] in (("npm",), ("yarn",), ("pnpm",)) and _SCRIPTS.intersection(names):
        return " ".join(names[:3])
    if _RELOADING.intersection(names) and "--reload" in names:
        return "--reload"
    for pair in (("flask", "run"), ("fastapi", "dev"), ("next", "dev"), ("nuxt", "dev"), ("vite", "dev")):
        if any(names[at : at + 2] == pair for at in range(len(names))):
            return " ".join(pair)
    return "vite" if names == ("vite",) else ""


RULE = Rule(
    id="SR127-development-server",
    says="The image starts a server made for production.",
    fix="Start gunicorn, uvicorn without --reload, or the built front end.",
    severity="warning",
    profile="recommended",
    check=over(_look),
)

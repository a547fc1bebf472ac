"""SR243: no service of a production file runs a development server."""

from collections.abc import Iterator

from stackproof.check.rules.compose.looking import is_production, services
from stackproof.model.findings import Inspected, Rule, Sighting

_SERVERS = (
    ("--reload",),
    ("manage.py", "runserver"),
    ("flask", "run"),
    ("next", "dev"),
    ("npm", "run", "dev"),
    ("fastapi", "dev"),
)


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for service in services(inspected):
        words = service.words if is_production(service.composition) else ()
        for server in _SERVERS:
            if set(server) <= set(words):
                yield Sighting(
                    service.at("command"), f"{service.name} runs a server for development: {' '.join(server)}"
                )


RULE = Rule(
    "SR243-reloader-deployed",
    says="No service of a production file runs a development server.",
    fix="Start the production server: gunicorn, uvicorn without `--reload`, `next start`.",
    severity="error",
    profile="recommended",
    check=_check,
)

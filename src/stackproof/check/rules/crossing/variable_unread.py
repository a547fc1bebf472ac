"""SR303: a Compose file gives the project's code a variable that nothing in the code reads."""

import re
from collections.abc import Iterator

from stackproof.check.own_code import is_python, variables
from stackproof.check.reading import node
from stackproof.check.services import services
from stackproof.model.findings import Inspected, Rule, Sighting

# Read by Python, its servers, Celery, Django, common clients and our own start and probe programs, not by the code.
_READ_BY_OTHERS = re.compile(
    r"PYTHON.*|UV_.*|PIP_.*|GUNICORN_.*|UVICORN_.*|GRANIAN_.*|FLASK_.*|DJANGO_SETTINGS_MODULE|CELERY_.*|C_FORCE_ROOT"
    r"|REMAP_SIGTERM|WEB_CONCURRENCY|FORWARDED_ALLOW_IPS|WATCHFILES_.*|STACKPROOF_.*|OTEL_.*|AWS_.*|GOOGLE_.*|SENTRY_.*"
    r"|PROMETHEUS_MULTIPROC_DIR|POSTGRES_.*|PG.*|REDIS_.*|MYSQL_.*|FLOWER_.*|SSL_CERT_.*|REQUESTS_CA_BUNDLE|NODE_.*"
    r"|HOME|PATH|PORT|TZ|LANG|LC_.*|TERM|USER|TMPDIR|(?i:https?_proxy|no_proxy|all_proxy)|DD_.*|HF_.*|OMP_.*|.*_FILE"
)


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for service in services(inspected):
        if service.context is None or not is_python(service):
            continue
        read = {each.name.upper() for each in variables(inspected, service.context)}
        for name in node(service.spec.get("environment")):
            if read and name.upper() not in read and not _READ_BY_OTHERS.fullmatch(name):
                yield Sighting(
                    service.at("environment", name),
                    f"{service.name} is given {name}, and nothing in its code reads it",
                )


RULE = Rule(
    "SR303-variable-unread",
    says="A variable that a service is given is read by its code.",
    fix="Correct the name, or remove it: whoever sets it changes nothing.",
    severity="warning",
    profile="strict",
    check=_check,
)

"""SP103: the variables that the templates name are the variables that the code reads."""

import re
from collections.abc import Iterator, Mapping
from typing import cast

from stackproof.model.artifacts import Artifact
from stackproof.model.facts import Documented, NodeApp, SecretFile, Variable
from stackproof.model.proof import Claim, Json, Judgement, Measurement, Verdict
from stackproof.model.running import Bench
from stackproof.model.stack import Bounds

# Read by what runs the code, not by the code: what reads them.
READ_BY_OTHERS: Mapping[str, str] = {
    "PYTHONPATH": "Python",
    "PYTHONUNBUFFERED": "Python",
    "PYTHONDONTWRITEBYTECODE": "Python",
    "PYTHONFAULTHANDLER": "Python",
    "HOME": "programs that keep files for their user",
    "TMPDIR": "Python's tempfile",
    "REMAP_SIGTERM": "Celery",
    "CELERY_BROKER_URL": "Celery",
    "PROMETHEUS_MULTIPROC_DIR": "prometheus_client",
    "WATCHFILES_FORCE_POLLING": "watchfiles (reload in dev)",
    "WEB_CONCURRENCY": "uvicorn and gunicorn",
    "FORWARDED_ALLOW_IPS": "uvicorn and gunicorn",
    "NODE_ENV": "packages of Node",
    "HOSTNAME": "the server of Next.js",
    "PORT": "the server of Next.js",
    "NEXT_TELEMETRY_DISABLED": "Next.js",
    "STACKPROOF_HEARTBEAT": "the probe helper",
    "STACKPROOF_HEALTH": "the probe helper",
}

_NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_ASSIGNED = re.compile(r"#?\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)=")
_ENV = re.compile(r"deploy/env/(\w+)\.env\.example")
_COMPOSE = re.compile(r"deploy/compose\.(\w+)\.ya?ml")


def _measure(bench: Bench) -> Measurement:
    read: dict[str, Json] = {
        variable.name: str(variable.seen)
        for variable in bench.project.all(Variable)
        if _NAME.fullmatch(variable.name)  # others ("ProgramFiles(x86)") can be in no template
    }
    read |= {each.name: str(each.seen) for app in bench.project.all(NodeApp) for each in app.variables}
    # A template may name the file of a secret; that it names the secret itself is asked for above.
    files = {secret.file_variable: str(secret.seen) for secret in bench.project.all(SecretFile)}
    named: dict[str, dict[str, list[str]]] = {}
    for group, name, where in (*_rendered(bench), *_documented(bench)):
        named.setdefault(group, {}).setdefault(name, []).append(where)
    total = len({name for names in named.values() for name in names})
    return Measurement(
        figure=f"{len(read)} read, {total} named",
        how="names in deploy/env/*.env.example, in `environment:` of the project's own services and in the project's "
        "own templates, held against the variables found in its code",
        observed={
            "read": read,
            "named": cast(dict[str, Json], named),
            "read_by_others": cast(dict[str, Json], {**READ_BY_OTHERS, **files}),
        },
    )


def _rendered(bench: Bench) -> Iterator[tuple[str, str, str]]:
    """(environment, variable, where it is named)"""
    own = frozenset(service.name for service in bench.stack.services if service.built)
    for artifact in bench.artifacts:
        if found := _ENV.fullmatch(artifact.path):
            yield from ((found[1], name, artifact.path) for name in _names(artifact.text))
        if found := _COMPOSE.fullmatch(artifact.path):
            yield from ((found[1], name, where) for name, where in _passed(artifact, own))


def _names(text: str) -> Iterator[str]:
    for line in text.splitlines():
        if found := _ASSIGNED.match(line):
            yield found[1]


def _passed(artifact: Artifact, own: frozenset[str]) -> Iterator[tuple[str, str]]:
    import yaml

    services = (yaml.safe_load(artifact.text) or {}).get("services") or {}
    for service, spec in services.items():
        environment = spec.get("environment") or {}
        for entry in environment if service in own else ():
            yield str(entry).partition("=")[0], f"{artifact.path} (services.{service})"


def _documented(bench: Bench) -> Iterator[tuple[str, str, str]]:
    for documented in bench.project.all(Documented):
        yield documented.seen.path, documented.name, str(documented.seen)


def _judge(measured: Measurement, _: Bounds) -> Judgement:
    read = cast(dict[str, str], measured.observed["read"])
    named = cast(dict[str, dict[str, list[str]]], measured.observed["named"])
    known = {*read, *cast(dict[str, str], measured.observed["read_by_others"])}
    wrong = [*_unread(known, named), *_unnamed(read, named)]
    if wrong:
        more = f" (and {len(wrong) - 5} more)" if len(wrong) > 5 else ""
        return Judgement(Verdict.REFUTED, "; ".join(wrong[:5]) + more)
    if not named:
        return Judgement(Verdict.PROVED, "the code reads no variables, and no template names any")
    return Judgement(Verdict.PROVED, f"{len(read)} variables are read; {', '.join(sorted(named))} name exactly these")


def _unread(known: set[str], named: Mapping[str, Mapping[str, list[str]]]) -> Iterator[str]:
    places: dict[str, list[str]] = {}
    for names in named.values():
        for name, where in names.items():
            if name not in known:
                places.setdefault(name, []).extend(where)
    yield from (f"{name} in {where[0]} is read by no code" for name, where in sorted(places.items()))


def _unnamed(read: Mapping[str, str], named: Mapping[str, Mapping[str, list[str]]]) -> Iterator[str]:
    for name, seen in sorted(read.items()):
        if missing := sorted(group for group, names in named.items() if name not in names):
            yield f"{name} is read at {seen}, but not named for {', '.join(missing)}"
        elif not named:
            yield f"{name} is read at {seen}, but there is no template"


CLAIM = Claim(
    id="SP103-variables-agree",
    group="source",
    says="Every variable in the templates is read by code, and every variable that the code reads is in the templates.",
    measure=_measure,
    judge=_judge,
    rendered="it holds the code against the templates of variables that stackproof renders",
)

"""SP105: nothing of development is in stage and production."""

import re
from collections.abc import Iterator

from stackproof.model.proof import Claim, Json, Judgement, Measurement
from stackproof.model.running import Bench
from stackproof.model.stack import Bounds
from stackproof.prove import composed
from stackproof.prove.composed import Document
from stackproof.prove.verdicts import held, rows, text

_RELOADS = re.compile(r"--reload|watchfiles|debugpy|--debug|runserver|next dev|npm run dev|vite")
_SECRET = re.compile(r"PASSWORD|SECRET|TOKEN|API_?KEY")
_DEFAULTS = frozenset({"admin", "changeme", "change-me", "default", "example", "guest", "password", "postgres", "root",
                       "secret", "test"})  # fmt: skip
_SWITCH = re.compile(r"(^|_)DEBUG$")
_ON = frozenset({"1", "true", "yes", "on"})
_DEFAULT_OF = re.compile(r"\$\{\w+:-(.*)\}")


def _measure(bench: Bench) -> Measurement:
    stores = {service.name for service in bench.stack.services if service.role == "store"}
    found: list[Json] = []
    looked = 0
    for environment, document in composed.documents(bench).items():
        for name, service in composed.services(document) if environment != "dev" else ():
            looked += 1
            said = (*_built(service), *_run(service), *_mounted(service), *_set(service), *_open(service, name, stores))
            found += [{"environment": environment, "service": name, "what": what} for what in said]
    return Measurement(
        f"{len(found)} in {looked} services",
        "build target, command, mounts, ports and variables of every service in the rendered files of stage and prod",
        {"found": found, "looked": looked},
    )


def _built(service: Document) -> Iterator[str]:
    if (target := (service.get("build") or {}).get("target")) == "dev":
        yield f"is built as target {target}"


def _run(service: Document) -> Iterator[str]:
    if found := _RELOADS.search(" ".join(str(word) for word in service.get("command") or ())):
        yield f"is started with {found[0]}"


def _mounted(service: Document) -> Iterator[str]:
    for mount in service.get("volumes") or ():
        source = str(mount.get("source", ""))
        if mount.get("type") == "bind" and source.startswith("..") and not source.startswith("../deploy/"):
            yield f"has the host's {source} mounted over {mount['target']}"


def _set(service: Document) -> Iterator[str]:
    for name, value in (service.get("environment") or {}).items():
        said = _DEFAULT_OF.sub(r"\1", str(value or ""))
        if _SECRET.search(name) and said.lower() in _DEFAULTS:
            yield f"has the password {said!r} in {name}"
        if _SWITCH.search(name) and said.lower() in _ON:
            yield f"has {name} switched on"


def _open(service: Document, name: str, stores: set[str]) -> Iterator[str]:
    if name in stores:
        yield from (f"is a store, and published at {port}" for port in composed.published(service))


def _judge(measurement: Measurement, _: Bounds) -> Judgement:
    found = [
        f"{text(row, 'service')} in {text(row, 'environment')} {text(row, 'what')}"
        for row in rows(measurement, "found")
    ]
    said = "no source mount, reload, debugger, development target, published store or default password"
    return held(found, f"{measurement.observed['looked']} services of stage and prod: {said}")


CLAIM = Claim(
    id="SP105-no-dev-in-prod",
    group="source",
    says="Nothing of development is in stage and production.",
    measure=_measure,
    judge=_judge,
)

"""The text of stackproof.toml, or of [tool.stackproof] in pyproject.toml, into Settings."""

import difflib
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from stackproof.errors import UserError
from stackproof.model.proving import SEVERITIES
from stackproof.model.settings import (
    BackupSettings,
    CheckSettings,
    EnvironmentSettings,
    JobSettings,
    ServiceSettings,
    Settings,
)
from stackproof.model.source import Place, SourceTree
from stackproof.model.stack import ENVIRONMENTS, Bounds, Metered, Pace, Shared, TaskRequest
from stackproof.plan import check_settings, toml_lines, values
from stackproof.plan.values import Check

FILE = "stackproof.toml"
MANIFEST = "pyproject.toml"

_TOP: Mapping[str, Check] = {
    "name": values.name,
    "python": values.text,
    "installer": values.one_of("poetry", "uv", "pip"),
    "uid": values.whole(1, 2**31 - 1),
    "include": values.paths,
    "prepare": values.commands,
    "prepared": values.paths,
    "proxy": values.flag,
    "monitoring": values.flag,
}
_BOUNDS: Mapping[str, Check] = {
    "build_seconds": values.number(1, 86_400),
    "image_bytes": values.whole(1, 2**50),
    "ready_seconds": values.number(0.1, 3_600),
    "task_seconds": values.number(1, 86_400),
    "reload_seconds": values.number(1, 3_600),
    "load_p95_ms": values.number(1, 600_000),
    "load_error_share": values.number(0, 1),
    "severity": values.one_of(*SEVERITIES),
}
_SERVICE: Mapping[str, Check] = {
    "app": values.text,
    "health": values.route,
    "port": values.whole(1, 65_535),
    "publish": values.port_or_false,
    "memory_mb": values.whole(16, 2**22),
    "cpus": values.number(0.01, 1_024),
    "pids": values.whole(8, 2**22),
    "grace": values.number(1, 86_400),
    "queues": values.texts,
    "concurrency": values.whole(1, 1_024),
    "outward": values.flag,
    "command": values.texts,
    "workers": values.whole(1, 1_024),
    "replicas": values.whole(1, 1_024),
    "route": values.route,
    "stores": values.names,
    "metrics": values.route_or_false,
    "debugger": values.port_or_false,
    "enabled": values.flag,
}
_ENVIRONMENT: Mapping[str, Check] = {
    "port_offset": values.whole(0, 60_000),
    "address": values.address,
    "http": values.whole(1, 65_535),
    "https": values.whole(1, 65_535),
    "server_name": values.host_name,
}
_JOB: Mapping[str, Check] = {
    "command": values.texts,
    "environments": values.some_of(*ENVIRONMENTS),
    "before": values.names,
}
_BACKUP: Mapping[str, Check] = {"every_hours": values.number(0.1, 8_760), "keep": values.whole(1, 10_000)}
_METERED: Mapping[str, Check] = {
    **dict.fromkeys(("service", "counter"), values.text), "path": values.route, "labels": values.pairs,
}  # fmt: skip
_SHARED: Mapping[str, Check] = {
    **dict.fromkeys(("service", "body", "id_field", "method"), values.text), "path": values.route,
    "read": values.route, "headers": values.pairs,
}  # fmt: skip
_PACE: Mapping[str, Check] = {
    "rate": values.number(0.1, 1_000), "seconds": values.number(1, 3_600), "paths": values.routes,
}  # fmt: skip
_TASK: Mapping[str, Check] = {
    **dict.fromkeys(
        ("service", "method", "path", "body", "id_field", "result_path", "state_field", "done_state", "busy_state"),
        values.text,
    ),
    "count_field": values.text,
    "slow_field": values.text,
    "slow_repeat": values.whole(1, 10**6),
}
_TASK_OPTIONAL = {"count_field": None, "slow_field": None, "slow_repeat": 1}
_PROVE: Mapping[str, Check] = {"headers": values.pairs, "advisories": values.text}
_TABLES = ("bounds", "services", "environments", "prove", "secrets", "jobs", "backup", "check")


def settings(tree: SourceTree) -> Settings:
    """The project's settings; empty ones where it has none. Raises UserError with every problem and its line."""
    found = _source(tree, FILE)
    return Settings() if found is None else _read(found)


def limits(data: bytes, path: str, over: Bounds) -> Bounds:
    """`over`, with what [bounds] of a file says instead: of a stackproof.toml by any name, or of a pyproject.toml.

    Raises UserError with every problem and its line, and for a file without limits.
    """
    inside = path.rpartition("/")[2] == MANIFEST
    found = _source(SourceTree({MANIFEST if inside else path: data}), FILE if inside else path)
    made = Settings() if found is None else _read(found)
    given = [name for name in _BOUNDS if made.place(f"bounds.{name}")]
    if not given:
        raise UserError(f"{path}: has no limits", fix=f"Write them below [bounds]: {', '.join(_BOUNDS)}.")
    return replace(over, **{name: getattr(made.bounds, name) for name in given})


@dataclass(frozen=True, slots=True)
class _Source:
    path: str
    table: Mapping[str, Any]
    lines: Mapping[str, int]

    def place(self, key: str) -> Place:
        """Where a dotted key stands; for one inside an inline table, the line of that."""
        while key and key not in self.lines:
            key = key.rpartition(".")[0]
        return Place(self.path, self.lines.get(key, 0))


def _read(source: _Source) -> Settings:
    reading = _Reading(source)
    made = _settings(reading)
    if reading.problems:
        raise UserError("\n".join(reading.problems), fix="docs/settings.md lists every key with its type and default.")
    return made


def _source(tree: SourceTree, file: str) -> _Source | None:
    own, manifest = _parsed(tree, file), _parsed(tree, MANIFEST)
    tool = (manifest or {}).get("tool")
    inside = tool.get("stackproof") if isinstance(tool, dict) else None
    if own is not None and inside is not None:
        raise UserError(
            f"Settings stand in both {FILE} and {MANIFEST} under [tool.stackproof].", fix="Keep one of the two."
        )
    if own is not None:
        return _Source(file, own, toml_lines.lines(tree.text(file) or ""))
    if not isinstance(inside, dict):
        return None
    known = toml_lines.lines(tree.text(MANIFEST) or "")
    prefix = "tool.stackproof."
    return _Source(
        MANIFEST, inside, {key.removeprefix(prefix): n for key, n in known.items() if key.startswith(prefix)}
    )


def _parsed(tree: SourceTree, path: str) -> dict[str, Any] | None:
    """The file as TOML; None where there is none. A broken pyproject.toml is refused here as well as one of ours."""
    try:
        text = tree.text(path)
        return None if text is None else tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        line = re.search(r"at line (\d+)", str(problem))
        words = re.sub(r" \(at .*\)", "", str(problem))
        place = Place(path, int(line[1]) if line else (tree.text(path) or "").count("\n") + 1)
        raise UserError(f"{place}: not TOML: {words}", fix="Correct that line.") from problem
    except RecursionError as problem:
        raise UserError(f"{path}: nested too deeply to be parsed", fix="Flatten it.") from problem
    except UnicodeDecodeError as problem:
        line_number = tree.files[path].count(b"\n", 0, problem.start) + 1
        raise UserError(
            f"{Place(path, line_number)}: not UTF-8: {problem.reason}", fix="Save the file as UTF-8."
        ) from problem


@dataclass(frozen=True, slots=True)
class _Reading:
    source: _Source
    problems: list[str] = field(default_factory=list)
    places: dict[str, Place] = field(default_factory=dict)

    def problem(self, key: str, words: str) -> None:
        self.problems.append(f"{self.source.place(key)}: {words}")

    def table(self, value: object, key: str, known: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
        """The members of a table whose names are known; problems for the others."""
        if not isinstance(value, dict):
            self.problem(key, f"{key} must be a table, not {values.kind(value)}")
            return
        for name, member in value.items():
            if name in known:
                yield name, member
            else:
                self._unknown(f"{key}.{name}" if key else name, name, known)

    def checked(self, value: object, key: str, checks: Mapping[str, Check]) -> dict[str, Any]:
        """The members that pass their checks."""
        made = {}
        for name, member in self.table(value, key, tuple(checks)):
            full = f"{key}.{name}" if key else name
            try:
                made[name] = checks[name](member)
                self.places[full] = self.source.place(full)
            except ValueError as problem:
                self.problem(full, f"{full} {problem}")
        return made

    def named(self, value: object, key: str) -> Iterator[tuple[str, Any]]:
        """The members of a table whose names the user chooses: names of services."""
        if not isinstance(value, dict):
            self.problem(key, f"{key} must be a table, not {values.kind(value)}")
            return
        for name, member in value.items():
            try:
                yield values.name(name), member
            except ValueError as problem:
                self.problem(f"{key}.{name}", f"the name in {key}.{name} {problem}")

    def each(self, value: object, key: str, check: Check) -> dict[str, Any]:
        """The members of a table of variables, each with the same check."""
        return self.checked(value, key, dict.fromkeys(value, check) if isinstance(value, dict) else {})

    def _unknown(self, full: str, name: str, known: tuple[str, ...]) -> None:
        near = difflib.get_close_matches(name, known, 1, cutoff=0.5)
        self.problem(full, f"unknown key {full!r}; {f'did you mean {near[0]!r}?' if near else _choice(known)}")


def _settings(reading: _Reading) -> Settings:
    tables = dict(reading.table(reading.source.table, "", (*_TOP, *_TABLES)))
    environments = dict(reading.table(tables.get("environments", {}), "environments", ENVIRONMENTS))
    prove = dict(reading.table(tables.get("prove", {}), "prove", ("task", "metrics", "shared", "load", *_PROVE)))
    said = {key: prove[key] for key in _PROVE if key in prove}
    return Settings(
        **reading.checked({name: tables[name] for name in _TOP if name in tables}, "", _TOP),
        bounds=Bounds(**reading.checked(tables.get("bounds", {}), "bounds", _BOUNDS)),
        services={
            name: ServiceSettings(**reading.checked(table, f"services.{name}", _SERVICE))
            for name, table in reading.named(tables.get("services", {}), "services")
        },
        environments={
            name: EnvironmentSettings(**reading.checked(environments[name], f"environments.{name}", _ENVIRONMENT))
            for name in ENVIRONMENTS
            if name in environments
        },
        task=_task(reading, prove["task"]) if "task" in prove else None,
        secrets=reading.each(tables.get("secrets", {}), "secrets", values.one_of("generated", "given", "unset")),
        jobs=dict(_jobs(reading, tables.get("jobs", {}))),
        backup=BackupSettings(**reading.checked(tables["backup"], "backup", _BACKUP)) if "backup" in tables else None,
        metered=_metered(reading, prove["metrics"]) if "metrics" in prove else None,
        pace=Pace(**reading.checked(prove.get("load", {}), "prove.load", _PACE)),
        shared=tuple(_shared(reading, prove.get("shared", []))),
        **reading.checked(said, "prove", _PROVE),
        check=CheckSettings(**reading.checked(tables.get("check", {}), "check", check_settings.CHECK)),
        places=reading.places,
    )


def _jobs(reading: _Reading, tables: object) -> Iterator[tuple[str, JobSettings]]:
    for name, table in reading.named(tables, "jobs"):
        found = reading.checked(table, f"jobs.{name}", _JOB)
        if "command" in found:
            yield name, JobSettings(**found)
        else:
            reading.problem(f"jobs.{name}", f"jobs.{name}.command is missing")


def _metered(reading: _Reading, table: object) -> Metered | None:
    found = reading.checked(table, "prove.metrics", _METERED)
    missing = [name for name in ("service", "path", "counter") if name not in found]
    for name in missing:
        reading.problem("prove.metrics", f"prove.metrics.{name} is missing")
    return None if missing else Metered(**found)


def _shared(reading: _Reading, tables: object) -> Iterator[Shared]:
    if not isinstance(tables, list):
        reading.problem(
            "prove.shared", f"prove.shared must be a list of tables ([[prove.shared]]), not {values.kind(tables)}"
        )
        return
    for table in tables:
        found = reading.checked(table, "prove.shared", _SHARED)
        missing = [name for name in ("service", "path", "body", "read") if name not in found]
        for name in missing:
            reading.problem("prove.shared", f"prove.shared.{name} is missing")
        if not missing and ("{id}" in found["read"]) != ("id_field" in found):
            reading.problem("prove.shared.read", "prove.shared.read holds {id} if, and only if, there is an id_field")
        elif not missing:
            yield Shared(**found)


def _task(reading: _Reading, table: object) -> TaskRequest | None:
    found = reading.checked(table, "prove.task", _TASK)
    given = set(table) if isinstance(table, dict) else set()
    missing = [name for name in _TASK if name not in _TASK_OPTIONAL and name not in given]
    for name in missing:
        reading.problem("prove.task", f"prove.task.{name} is missing")
    if len(found) < len(given) or missing or reading.problems:
        return None
    return TaskRequest(**{**_TASK_OPTIONAL, **found})


def _choice(known: tuple[str, ...]) -> str:
    return f"known here: {', '.join(known)}"

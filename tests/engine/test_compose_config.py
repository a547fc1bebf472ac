"""Our loader beside `docker compose config`: the same model of every project in tests/adopt/compose_cases.

Compose needs no engine for this; it is among these tests because the plugin is where the engine is.
"""

import json
import os
import subprocess
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import cast

import pytest

from stackproof.adopt.compose import load, refuse_gaps
from stackproof.errors import UserError
from stackproof.model.source import SourceTree
from tests.adopt.compose_cases import Case, cases

pytestmark = pytest.mark.engine
THREADS = 4

# What is not the same, and why. Beside these: `version`, `env_file` and unused resources stay in our document, for
# rules look at them; what is empty or false is left away by either; and paths are relative to the tree.
DIFFERENT: Mapping[str, str] = {
    "merging: refused lists of the same security_opt": "kept once here; Compose refuses its own merge",
    "resources: network aux addresses": "Compose loses ipam.options, which the specification has",
    "services: storage": "Compose prints the names of its own fields, Path and Rate, for path and rate",
    "services: same aliases": "an alias that is said twice stays twice; it means the same",
}


def test_every_project_is_read_as_compose_reads_it(tmp_path: Path) -> None:
    found = list(cases())
    assert len(found) >= 150
    with ThreadPoolExecutor(THREADS) as pool:
        theirs = pool.map(lambda each: composed(each[1], tmp_path / str(each[0]) / "project"), enumerate(found))
        wrong = [case.name for case, their in zip(found, theirs, strict=True) if ours(case) != their]
    assert wrong == list(DIFFERENT)


def ours(case: Case) -> object:
    tree = SourceTree({path: text.encode() for path, text in case.contents.items()}, name="project")
    try:
        found = load(tree, case.files, {"HOME": "/home/u", **case.environment})
        refuse_gaps(found)
    except UserError:
        return "refused"
    return pruned(used({key: each for key, each in found.document.items() if key != "version"}))


def composed(case: Case, folder: Path) -> object:
    for path, text in case.contents.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(text.encode())
    files = [word for path in case.files for word in ("-f", path)]
    answer = subprocess.run(
        ["docker", "compose", *files, "--profile", "*", "config", "--format", "json"],
        cwd=folder, env={**environment(), **case.environment}, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (answer.returncode != 0) == (": refused" in case.name), (case.name, answer.stderr)
    if answer.returncode:
        return "refused"
    return pruned(relative(json.loads(answer.stdout), str(folder)))


def environment() -> dict[str, str]:
    kept = ("PATH", "DOCKER_HOST", "DOCKER_CONFIG")
    return {"HOME": "/home/u", **{name: os.environ[name] for name in kept if name in os.environ}}


def relative(value: object, root: str) -> object:
    """Paths below the tree as ours are, and the dollars that Compose doubles for the next reader single again."""
    if isinstance(value, dict):
        return {key.replace("$$", "$"): relative(each, root) for key, each in value.items()}
    if isinstance(value, list):
        return [relative(each, root) for each in value]
    if not isinstance(value, str):
        return value
    text = value.replace("$$", "$")
    if text == root:
        return "."
    parent = str(Path(root).parent)
    return text.replace(f"{root}/", "").replace(f"{parent}/", "../") if parent in text else text


def pruned(value: object, top: bool = True) -> object:
    """Without what is empty or false; what stands for nothing in `environment` stays."""
    if isinstance(value, dict):
        kept = {key: each if key == "environment" else pruned(each, False) for key, each in value.items()}
        kept = {key: each for key, each in kept.items() if top or not key.startswith("x-")}
        return {key: each for key, each in kept.items() if each not in (None, False, "", [], {})}
    return [pruned(each, False) for each in value] if isinstance(value, list) else value


def used(document: dict[str, object]) -> dict[str, object]:
    """Without resources that no service uses, and without `env_file`, which is in `environment` by then."""
    services = cast(dict[str, dict[str, object]], document.get("services", {}))
    services = {name: {key: each for key, each in one.items() if key != "env_file"} for name, one in services.items()}
    names = {
        kind: {name for one in services.values() for name in mentioned(one, kind)}
        for kind in ("networks", "volumes", "secrets", "configs")
    }
    kept = {
        kind: {k: v for k, v in cast(dict[str, object], document.get(kind, {})).items() if k in names[kind]}
        for kind in names
    }
    return {**document, **kept, "services": services}


def mentioned(service: dict[str, object], kind: str) -> set[str]:
    own = service.get(kind) or ()
    build = service.get("build")
    more = build.get(kind) or () if isinstance(build, dict) and kind == "secrets" else ()
    return {
        str(each["source"]) if isinstance(each, dict) else str(each)
        for each in (*cast(list[object], own), *more)
        if not isinstance(each, dict) or ("source" in each and each.get("type") != "bind")
    }

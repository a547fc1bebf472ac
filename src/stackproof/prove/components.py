"""What is inside an image: packages of the project and of its base, each with version and licence, as JSON data."""

import json
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import cast

from stackproof.model.builds import AnyBuild, Build
from stackproof.model.proof import Json
from stackproof.model.running import Bench, Completed
from stackproof.prove import images
from stackproof.prove.verdicts import Row, rows_in, text

_MOST = 30  # files without a package that are named
_NODE_PACKAGE = re.compile(r"app/(?:.*/)?node_modules/((?:@[^/]+/)?[^/]+)/package\.json")
_DEBIAN, _ALPINE = "var/lib/dpkg/status", "lib/apk/db/installed"
_RELEASE = ("usr/lib/os-release", "etc/os-release")
_KEPT = (_DEBIAN, _ALPINE, *_RELEASE)
_FIELD = re.compile(r"^([A-Za-z-]+): (.+)$", re.MULTILINE)
_LETTER = re.compile(r"^([A-Z]):(.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Inside:
    """Of one image. `components` are rows of kind, name, version, license and where."""

    components: tuple[Row, ...]
    release: Row  # /etc/os-release
    told: Row  # what the look into a Python image said; empty for another one
    raw: tuple[Completed, ...] = ()


def of(bench: Bench, build: AnyBuild) -> Inside:
    return _python(bench) if isinstance(build, Build) else _node(bench, build)


def _python(bench: Bench) -> Inside:
    told, done = images.look(bench, "packages", _MOST, user="0:0")
    found = [
        *({**row, "kind": "pypi"} for row in rows_in(told, "python")),
        *({**row, "kind": "pypi"} for row in rows_in(told, "elsewhere")),
        *({**row, "kind": "deb", "license": "", "where": "dpkg"} for row in rows_in(told, "debian")),
    ]
    return Inside(_sorted(found), cast(Row, told["release"]), told, (done,))


def _node(bench: Bench, build: AnyBuild) -> Inside:
    """From the layers, for nothing in the image could be asked: what a later one has, counts."""
    files = bench.workshop.layer_files(bench.image(build.name).image)
    kept = {path: data for _, path, data in files if path in _KEPT or _NODE_PACKAGE.fullmatch(path)}
    release = next((kept[path].decode("utf-8", "replace") for path in _RELEASE if path in kept), "")
    found = [*_of_node(kept), *_debian(_text(kept, _DEBIAN)), *_alpine(_text(kept, _ALPINE))]
    said = dict(re.findall(r'^(\w+)="?([^"\n]*)"?$', release, re.MULTILINE))
    return Inside(_sorted(found), said, {})


def _of_node(kept: dict[str, bytes]) -> Iterator[dict[str, Json]]:
    """A package.json below a package that gives no version only says how files are to be read."""
    for path, data in kept.items():
        if found := _NODE_PACKAGE.fullmatch(path):
            with suppress(ValueError):
                said = json.loads(data)
                if isinstance(said, dict) and said.get("version"):
                    name, version, license_ = said.get("name") or found[1], said["version"], said.get("license")
                    yield _row("npm", name, version, license_ if isinstance(license_, str) else "", path)


def _debian(status: str) -> Iterator[dict[str, Json]]:
    for block in status.split("\n\n"):
        said = dict(_FIELD.findall(block))
        if "Package" in said and "Version" in said and said.get("Status", "installed").endswith(" installed"):
            row = _row("deb", said["Package"], said["Version"], "", "dpkg")
            yield {**row, "architecture": said.get("Architecture", "")}


def _alpine(installed: str) -> Iterator[dict[str, Json]]:
    for block in installed.split("\n\n"):
        said = dict(_LETTER.findall(block))
        if "P" in said and "V" in said:
            yield {**_row("apk", said["P"], said["V"], said.get("L", ""), "apk"), "architecture": said.get("A", "")}


def _row(kind: str, name: str, version: str, license_: str, where: str) -> dict[str, Json]:
    return {"kind": kind, "name": name, "version": version, "license": license_, "where": where}


def _text(kept: dict[str, bytes], path: str) -> str:
    return kept.get(path, b"").decode("utf-8", "replace")


def _sorted(found: Iterable[Row]) -> tuple[Row, ...]:
    return tuple(sorted(found, key=lambda row: tuple(text(row, key) for key in ("kind", "name", "version", "where"))))

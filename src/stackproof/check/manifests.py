"""Kubernetes manifests of the project: documents with kind and apiVersion, and the containers of their pods."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

import yaml

from stackproof.check.reading import Node, node, nodes, text
from stackproof.model.source import Place, SourceTree

_Path = tuple[str | int, ...]
_LOADER: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_LOOKS_LIKE = re.compile(rb"^apiVersion\s*:\s*\S", re.MULTILINE)
_KIND = re.compile(rb"^kind\s*:\s*\S", re.MULTILINE)
_TEMPLATE = re.compile(rb"\{\{")  # Helm's and others': no YAML before they are filled in
_PODS = frozenset({"Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "CronJob", "Pod"})
_LARGEST = 1 << 18  # characters: what is larger was made by a program
_MOST = 50_000  # nodes, aliases filled in


@dataclass(frozen=True, eq=False)
class Manifest:
    """One document; `lines` by path of keys."""

    path: str
    kind: str
    name: str
    document: Node
    lines: Mapping[_Path, int]

    def at(self, *path: str | int) -> Place:
        """The nearest line that is known."""
        for length in range(len(path), -1, -1):
            if found := self.lines.get(tuple(path[:length])):
                return Place(self.path, found)
        return Place(self.path)


@dataclass(frozen=True, eq=False)
class Container:
    """One container of a pod; `pod` is the pod's spec, `where` the container's keys in the document."""

    manifest: Manifest
    pod: Node
    spec: Node
    where: _Path
    is_init: bool

    @property
    def name(self) -> str:
        return f"{self.manifest.kind} {self.manifest.name}, container {text(self.spec.get('name'))}"

    @property
    def runs_on(self) -> bool:
        """It serves until it is stopped; a job ends by itself."""
        return not self.is_init and self.manifest.kind not in ("Job", "CronJob", "Pod")

    def at(self, *path: str | int) -> Place:
        return self.manifest.at(*self.where, *path)


@lru_cache(maxsize=4)
def manifests(tree: SourceTree) -> tuple[Manifest, ...]:
    """What no YAML parser can read, or is a template, is left to the tools that fill it in."""
    paths = [path for path in tree.files if path.endswith((".yaml", ".yml"))]
    return tuple(each for path in paths if _is_manifest(tree.files[path]) for each in _read(tree, path))


def containers(tree: SourceTree) -> Iterator[Container]:
    for each in manifests(tree):
        if each.kind in _PODS:
            yield from _containers(each)


def _containers(manifest: Manifest) -> Iterator[Container]:
    where = _pod(manifest.kind)
    pod = manifest.document
    for key in where:
        pod = node(pod.get(str(key)))
    for kind in ("containers", "initContainers"):
        for number, spec in enumerate(nodes(pod.get(kind))):
            yield Container(manifest, pod, spec, (*where, kind, number), kind == "initContainers")


def _pod(kind: str) -> _Path:
    if kind == "Pod":
        return ("spec",)
    if kind == "CronJob":
        return ("spec", "jobTemplate", "spec", "template", "spec")
    return ("spec", "template", "spec")


def _is_manifest(data: bytes) -> bool:
    return bool(len(data) < _LARGEST and _LOOKS_LIKE.search(data) and _KIND.search(data) and not _TEMPLATE.search(data))


def _read(tree: SourceTree, path: str) -> Iterator[Manifest]:
    try:
        roots = list(yaml.compose_all(tree.files[path], _LOADER))
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError, ValueError):
        return
    for root in roots:
        lines: dict[_Path, int] = {}
        left = [_MOST]
        document = node(_value(root, (), lines, left))
        kind, name = text(document.get("kind")), text(node(document.get("metadata")).get("name"))
        if kind and left[0] > 0:
            yield Manifest(path, kind, name, document, lines)


def _value(found: yaml.Node | None, path: _Path, lines: dict[_Path, int], left: list[int]) -> object:
    """Scalars as YAML types them; `left` ends a bomb of aliases."""
    left[0] -= 1
    if found is None or left[0] < 0:
        return None
    lines.setdefault(path, found.start_mark.line + 1)
    if isinstance(found, yaml.MappingNode):
        made: dict[str, object] = {}
        for key, value in found.value:
            name = str(key.value)
            lines[*path, name] = key.start_mark.line + 1
            made[name] = _value(value, (*path, name), lines, left)
        return made
    if isinstance(found, yaml.SequenceNode):
        return [_value(each, (*path, number), lines, left) for number, each in enumerate(found.value)]
    return _scalar(found)


def _scalar(found: yaml.Node) -> object:
    if found.tag == "tag:yaml.org,2002:bool":
        return str(found.value).lower() in ("true", "yes", "on")
    if found.tag == "tag:yaml.org,2002:int" and str(found.value).isdecimal():
        return int(found.value)
    return None if found.tag == "tag:yaml.org,2002:null" else str(found.value)

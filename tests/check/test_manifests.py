"""Kubernetes manifests as they are read."""

import pytest

from stackproof.check import manifests
from stackproof.model.source import SourceTree
from tests.check.looking import seen

HEAD = "apiVersion: v1\nkind: {}\nmetadata:\n  name: a\n"


def _read(text: str) -> tuple[manifests.Manifest, ...]:
    return manifests.manifests(SourceTree({"a.yaml": text.encode()}))


def test_documents_values_and_lines() -> None:
    (one, two) = _read(HEAD.format("Pod") + "spec: {a: [true, 3, null, x]}\n---\n" + HEAD.format("Service"))
    assert (one.document["spec"], one.at("spec", "gone").line) == ({"a": [True, 3, None, "x"]}, 5)
    assert (two.name, two.at("kind").line) == ("a", 8)
    assert manifests.Manifest("a.yaml", "Pod", "", {}, {}).at("x").line == 0


@pytest.mark.parametrize(
    "text",
    [
        "apiVersion: v1\nkind: Pod\na: [\n",
        "apiVersion: v1\nkind: Pod\na: {{ .Values.x }}\n",
        "apiVersion: v1\nkind: [a]\n",
        "apiVersion: v1\n---\nkind: Pod\n---\n",
        "apiVersion: v1\nkind: Pod\n"
        + "a: &a [x, x, x, x, x, x, x, x]\n"
        + "".join(
            f"{new}: &{new} [{', '.join(['*' + old] * 8)}]\n" for old, new in ("ab", "bc", "cd", "de", "ef", "fg")
        ),
    ],
)
def test_what_is_none(text: str) -> None:
    assert [each for each in _read(text) if each.kind == "Pod" and "apiVersion" in each.document] == []


@pytest.mark.parametrize(
    ("rule", "text", "count"),
    [
        ("SR602", HEAD.format("Pod") + "spec:\n  initContainers: [{name: a}]\n  containers: [{name: b}]\n", 2),
        (
            "SR604",
            HEAD.format("CronJob")
            + "spec: {jobTemplate: {spec: {template: {spec: {containers: [{name: a, image: x}]}}}}}\n",
            1,
        ),
        ("SR608", HEAD.format("Pod") + "spec: {containers: [{name: a, securityContext: {privileged: true}}]}\n", 1),
        ("SR609", HEAD.format("Pod") + "---\n" + HEAD.format("Service") + "spec: {selector: {a: b}}\n", 1),
        ("SR609", HEAD.format("Service") + "spec: {selector: {a: b}}\n", 0),
    ],
)
def test_rules(rule: str, text: str, count: int) -> None:
    assert len(seen({"k.yaml": text}, rule)) == count

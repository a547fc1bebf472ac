"""Whatever the bytes: a Composition or a UserError, and the rules do not crash on what was loaded."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from stackproof.adopt.compose import load
from stackproof.check.rules.compose import COMPOSE_RULES
from stackproof.errors import UserError
from stackproof.model.facts import Project
from stackproof.model.findings import Inspected
from stackproof.model.source import SourceTree
from tests.adopt.compose_cases import cases

SEEDS = [text.encode() for case in cases() for path, text in case.contents.items() if path.endswith((".yaml", ".yml"))]
TOKENS = [
    b"${",
    b"}",
    b"$$",
    b"*a",
    b"&a ",
    b"<<: ",
    b"!reset ",
    b"!override ",
    b"null",
    b"\0",
    b"\xff",
    b"'",
    b"[",
    b"- ",
]


@settings(max_examples=150)
@given(st.sampled_from(SEEDS), st.integers(0, 400), st.integers(0, 30), st.sampled_from(TOKENS) | st.binary(max_size=6))
def test_changed_projects(seed: bytes, start: int, length: int, token: bytes) -> None:
    looked_at(seed[:start] + token + seed[start + length :])


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.sampled_from(["a:b", "${A}"]),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.text("abx-", max_size=3), below, max_size=3),
    max_leaves=6,
)  # fmt: skip
KEYS = [
    "image",
    "build",
    "ports",
    "volumes",
    "environment",
    "deploy",
    "healthcheck",
    "depends_on",
    "networks",
    "extends",
]
KEYS += ["secrets", "configs", "logging", "ulimits", "command", "env_file", "devices", "extra_hosts", "user", "scale"]


@settings(max_examples=150)
@given(st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=3))
def test_values_of_every_kind(keys: dict[str, object]) -> None:
    looked_at(json.dumps({"services": {"a": keys, "b": {"image": "redis"}}}).encode())


def looked_at(data: bytes) -> None:
    tree = SourceTree({"compose.yaml": data})
    try:
        composition = load(tree, ("compose.yaml",), {"A": "1"})
    except UserError:
        return
    for rule in COMPOSE_RULES:
        for sighting in rule.check(Inspected(tree, Project("x", ()), (), (composition,))):
            assert sighting.found

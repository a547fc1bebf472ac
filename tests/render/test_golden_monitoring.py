"""Kept files for Grafana, Loki and Alloy, as far as a reader of YAML, JSON and brackets can tell."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.render.golden import FOLDER

_MONITORED = sorted(FOLDER.glob("*/deploy/monitoring/*"))
_WIDTH = 24  # columns of a Grafana dashboard
_PAIRS = {")": "(", "]": "[", "}": "{"}
_STRING_OR_COMMENT = re.compile(r'"(?:[^"\\\n]|\\.)*"|//[^\n]*')
_BLOCK = re.compile(r'^([a-z_.]+) "(\w+)" \{$', re.MULTILINE)
each = pytest.mark.parametrize("folder", _MONITORED, ids=lambda path: str(path.relative_to(FOLDER)))
_REFERENCE = re.compile(r"\b((?:discovery|loki)\.[\w.]+)")


def text(folder: Path, file: str) -> str:
    return (folder / file).read_text()


def test_three_examples_are_watched_in_each_environment() -> None:
    assert len(_MONITORED) == 9


@each
def test_a_dashboard_is_one_that_grafana_can_place(folder: Path) -> None:
    board = json.loads(text(folder, "grafana/dashboards/stack.json"))
    assert {"uid", "title", "schemaVersion", "time", "panels"} <= set(board)
    assert max(Counter(panel["id"] for panel in board["panels"]).values()) == 1
    assert max(Counter(_cells(board["panels"])).values()) == 1, "panels overlap"
    assert all(column < _WIDTH for column, _ in _cells(board["panels"]))
    for panel in board["panels"]:
        assert {"type", "title", "datasource", "gridPos", "targets"} <= set(panel)
        assert len({target["refId"] for target in panel["targets"]}) == len(panel["targets"]) > 0


@each
def test_a_panel_asks_a_source_that_is_there(folder: Path) -> None:
    sources = yaml.safe_load(text(folder, "grafana/provisioning/datasources/stack.yaml"))["datasources"]
    there = {(source["type"], source["uid"]) for source in sources}
    assert [source["isDefault"] for source in sources].count(True) == 1
    panels = json.loads(text(folder, "grafana/dashboards/stack.json"))["panels"]
    for asked in (*panels, *(target for panel in panels for target in panel["targets"])):
        assert (asked["datasource"]["type"], asked["datasource"]["uid"]) in there


@each
def test_loki_knows_how_it_keeps_what_it_removes(folder: Path) -> None:
    loki = yaml.safe_load(text(folder, "loki/loki.yaml"))
    (schema,) = loki["schema_config"]["configs"]
    assert (schema["store"], schema["schema"], schema["index"]["period"]) == ("tsdb", "v13", "24h")
    assert schema["object_store"] in loki["common"]["storage"]
    assert loki["compactor"]["retention_enabled"] is True
    assert loki["compactor"]["delete_request_store"] in loki["common"]["storage"]


@each
def test_alloys_blocks_are_closed_and_what_they_name_is_there(folder: Path) -> None:
    said = text(folder, "alloy/config.alloy")
    bare = _STRING_OR_COMMENT.sub("", said)
    assert not list(_unbalanced(bare))
    blocks = {f"{kind}.{label}" for kind, label in _BLOCK.findall(said)}
    named = {reference.rpartition(".")[0] for reference in _REFERENCE.findall(_values(bare))}
    assert named
    assert named <= blocks


@pytest.mark.parametrize("broken", ["a {", "a }", "a = [}", 'a = "open {'])
def test_an_open_block_is_seen(broken: str) -> None:
    assert list(_unbalanced(_STRING_OR_COMMENT.sub("", broken)))


def _cells(panels: list[dict[str, Any]]) -> Iterator[tuple[int, int]]:
    for place in (panel["gridPos"] for panel in panels):
        yield from (
            (column, row)
            for column in range(place["x"], place["x"] + place["w"])
            for row in range(place["y"], place["y"] + place["h"])
        )


def _values(bare: str) -> str:
    """What stands on the right of `=`."""
    return "\n".join(line.partition("=")[2] for line in bare.splitlines())


def _unbalanced(bare: str) -> Iterator[str]:
    open_: list[str] = []
    for letter in bare:
        if letter in _PAIRS.values():
            open_.append(letter)
        elif letter in _PAIRS and (not open_ or open_.pop() != _PAIRS[letter]):
            yield letter
    yield from open_
    if '"' in bare:
        yield '"'

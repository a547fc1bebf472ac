"""The table of ends of support: every line has a source, and a version finds its own."""

from datetime import date

import pytest

from stackproof.model import support
from stackproof.plan import knowledge


@pytest.mark.parametrize(
    ("software", "version", "line"),
    [
        ("python", "3.11.14", "3.11"),
        ("python", "3.1", None),
        ("redis", "7", "7"),
        ("redis", "7.4.2", "7"),
        ("redis", "7.0.15", "7.0"),
        ("postgres", "17", "17"),
        ("nginx", "1.3", None),
        ("grafana", "12.3.0", None),
    ],
)
def test_a_version_belongs_to_its_narrowest_line(software: str, version: str, line: str | None) -> None:
    found = support.line(software, version)
    assert (found.version if found else None) == line


def test_what_is_not_in_the_table_has_no_end() -> None:
    assert support.ends("grafana", "12") is None
    assert support.ends("postgres", "17.6") == date(2029, 11, 8)


def test_every_line_has_a_source_and_is_there_once() -> None:
    names = [(line.software, line.version) for line in support.LINES]
    assert len(names) == len(set(names))
    assert {software for software, _ in names} == set(support.SOURCES)


def test_whatever_a_plan_chooses_from_has_an_end_in_the_table() -> None:
    assert [line.ends for line in (*knowledge.PYTHONS, *knowledge.NODES) if line.ends == "None"] == []
    ended = [line.version for line in (*knowledge.PYTHONS, *knowledge.NODES) if line.ended()]
    assert ended == ["3.10", "20"]
    assert next(line.ends for line in knowledge.PYTHONS if line.version == "3.10") == "2026-10"

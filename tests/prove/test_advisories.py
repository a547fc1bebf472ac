"""OSV records written by hand, against versions: which are about them, how bad they are, and what is no database."""

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from stackproof.errors import ToolFailed
from stackproof.prove import advisories, severity
from stackproof.prove.advisories import Database

Record = Mapping[str, object]


def _record(identity: str, *events: dict[str, str], kind: str = "ECOSYSTEM", **more: object) -> Record:
    affected = {
        "package": {"ecosystem": "PyPI", "name": "Flask_Thing"},
        "ranges": [{"type": kind, "events": [*events]}],
    }
    return {"id": identity, "modified": "2026-11-01T00:00:00Z", "affected": [affected], **more}


def _listed(*versions: str) -> Record:
    affected = {"package": {"ecosystem": "PyPI", "name": "flask-thing"}, "versions": [*versions]}
    return {"id": "PYSEC-9", "affected": [affected]}


SINCE_1_2 = _record("PYSEC-1", {"introduced": "1.2"}, {"fixed": "1.4.1"})
FROM_THE_START = _record("PYSEC-2", {"introduced": "0"}, {"last_affected": "2.0"})
TWICE = _record(
    "PYSEC-3", {"fixed": "2.1"}, {"introduced": "2.0"}, {"introduced": "0"}, {"fixed": "1.0"}, {"limit": "9"}
)
FOR_EVER = _record("PYSEC-4", {"introduced": "0"})


@pytest.mark.parametrize(
    ("record", "version", "about"),
    [
        (SINCE_1_2, "1.1", False),
        (SINCE_1_2, "1.2", True),
        (SINCE_1_2, "1.2.0", True),
        (SINCE_1_2, "1.4.1rc1", True),
        (SINCE_1_2, "1.4.1", False),
        (SINCE_1_2, "1.4.1.post1", False),
        (SINCE_1_2, "1.10", False),
        (FROM_THE_START, "0.0.1", True),
        (FROM_THE_START, "2.0", True),
        (FROM_THE_START, "2.0.1", False),
        (TWICE, "0.9", True),
        (TWICE, "1.5", False),
        (TWICE, "2.0.5", True),
        (TWICE, "2.1", False),
        (FOR_EVER, "99", True),
        (FOR_EVER, "no version", False),
        (_record("GIT", {"introduced": "0"}, kind="GIT"), "1.0", False),
        (_listed("1.0", "no version"), "1.0", True),
        (_listed("1.0", "no version"), "no version", True),
        (_listed("1.0"), "1.0.1", False),
    ],
)
def test_a_version_is_in_a_range(record: Record, version: str, about: bool) -> None:
    assert bool(advisories.known(Database([record]), "flask-thing", version)) is about
    assert not advisories.known(Database([record]), "other", version)


def test_one_advisory_under_several_names_is_one() -> None:
    pysec = _record("PYSEC-1", {"introduced": "0"}, {"fixed": "2"}, aliases=["CVE-1"])
    ghsa = _record(
        "GHSA-1", {"introduced": "0"}, {"fixed": "2"}, aliases=["CVE-1"], summary="It leaks.",
        database_specific={"severity": "MODERATE"},
    )  # fmt: skip
    other = _record("PYSEC-2", {"introduced": "0"})
    first, second = advisories.known(Database([pysec, other, ghsa]), "flask-thing", "1.0")
    assert (first.ids, first.severity, first.fixed) == (("GHSA-1", "PYSEC-1"), "medium", ("2",))
    assert (first.summary, second.ids, second.severity, second.fixed) == ("It leaks.", ("PYSEC-2",), "unknown", ())


def test_two_advisories_that_a_third_joins_are_one() -> None:
    records = [
        _record("A", {"introduced": "0"}, aliases=["CVE-1"]),
        _record("B", {"introduced": "0"}, aliases=["CVE-2"]),
        _record("C", {"introduced": "0"}, aliases=["CVE-1", "CVE-2"]),
    ]
    (found,) = advisories.known(Database(records), "flask-thing", "1")
    assert found.ids == ("A", "B", "C")


@pytest.mark.parametrize(
    ("vector", "score"),
    [
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 9.8),
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N", 6.1),
        ("CVSS:3.0/AV:N/AC:L/PR:L/UI:N/S:C/C:H/I:H/A:H", 9.9),
        ("CVSS:3.1/AV:L/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N", 1.8),
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N", 0.0),
        ("CVSS:3.1/AV:X/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N", None),
        ("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", None),
        ("high", None),
    ],
)
def test_the_base_score_of_a_vector(vector: str, score: float | None) -> None:
    assert severity.base_score(vector) == score


@pytest.mark.parametrize(
    ("record", "said"),
    [
        ({"database_specific": {"severity": "critical"}}, "critical"),
        ({"severity": [{"score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}]}, "critical"),
        ({"severity": [{"score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N"}]}, "high"),
        ({"severity": [{"score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N"}, {"score": "?"}]}, "medium"),
        ({"severity": [{"score": "CVSS:3.1/AV:L/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N"}]}, "low"),
        ({"severity": [{"score": "CVSS:4.0/AV:N"}]}, "unknown"),
        ({}, "unknown"),
    ],
)
def test_a_severity_is_a_word_or_a_score(record: Record, said: str) -> None:
    assert severity.of(record) == said


def test_the_worst_that_is_known_counts() -> None:
    assert severity.worst(("low", "unknown", "high", "medium")) == "high"


NPM: Record = {"id": "GHSA-n", "affected": [{"package": {"ecosystem": "npm", "name": "next"}}, {"package": {}}, {}]}
GONE = _record("PYSEC-5", {"introduced": "0"}, withdrawn="2026-01-01T00:00:00Z")


def _folder(folder: Path) -> Path:
    for number, record in enumerate((SINCE_1_2, NPM, GONE)):
        (folder / "PyPI").mkdir(exist_ok=True)
        (folder / "PyPI" / f"{number}.json").write_text(json.dumps(record))
    (folder / "README").write_text("no record")
    return folder


def _zipped(folder: Path) -> Path:
    with zipfile.ZipFile(folder / "all.zip", "w") as packed:
        for number, record in enumerate((SINCE_1_2, NPM, GONE)):
            packed.writestr(f"{number}.json", json.dumps(record))
    return folder / "all.zip"


def test_a_folder_and_a_zip_file_hold_the_same(tmp_path: Path) -> None:
    for path in (_folder(tmp_path), _zipped(tmp_path)):
        found = advisories.read(path, frozenset({"flask-thing"}))
        assert (found.records, found.count, found.newest) == ([SINCE_1_2], 2, "2026-11-01T00:00:00Z")
    assert advisories.read(tmp_path, frozenset({"other"})).records == []


@pytest.mark.parametrize("text", ["{", "[]", '{"id": 1}'])
def test_what_is_no_record_is_named(text: str, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(text)
    with pytest.raises(ToolFailed, match=r"a\.json among the advisories is no OSV record"):
        advisories.read(tmp_path, frozenset())


def test_what_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "all.zip").write_text("no zip")
    for path in (tmp_path / "all.zip", tmp_path / "missing"):
        with pytest.raises(ToolFailed, match="cannot be read"):
            advisories.read(path, frozenset())

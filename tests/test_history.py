"""What a proof leaves for the next one's report, and what the record takes along for its own."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from stackproof.pipeline import history, write_reports
from stackproof.prove import CLAIMS
from stackproof.report.files import REPORTS
from stackproof.tools import claim_pages
from tests.report.sample import RECORD


def test_each_proof_is_given_the_ones_before_it(tmp_path: Path) -> None:
    first = history.remembered(tmp_path, RECORD)
    second = history.remembered(tmp_path, replace(RECORD, begun="2026-11-23T08:00:00+00:00"))
    assert (first.history, [one.begun for one in second.history]) == ((), [RECORD.begun])
    assert history.remembered(tmp_path, replace(RECORD, runtime="process")).history == ()
    assert (tmp_path / ".stackproof/history/.gitignore").read_text() == "*\n"


@pytest.mark.parametrize("text", ["", "[{}]", json.dumps([{"begun": 1}])])
def test_what_is_no_history_begins_a_new_one(tmp_path: Path, text: str) -> None:
    history.remembered(tmp_path, RECORD)
    (tmp_path / ".stackproof/history/prod-docker.json").write_text(text)
    assert history.remembered(tmp_path, RECORD).history == ()


def test_every_report_is_written_beside_the_record(tmp_path: Path) -> None:
    names = {path.name for path in write_reports(RECORD, tmp_path)}
    assert names == {"record.json", *REPORTS} == {path.name for path in tmp_path.iterdir()}


def test_every_claim_has_its_page_at_hand() -> None:
    for claim in CLAIMS:
        assert claim_pages.text(claim.id).startswith(f"# {claim.id}\n")
    assert claim_pages.text("SP999-none") == ""

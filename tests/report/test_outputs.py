"""The outputs beside the page: Markdown, SARIF, a badge; each from the record alone."""

import json
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree as Xml

import pytest

from stackproof.model.proof import Evidence, Measurement, Record, Verdict
from stackproof.report import badge, console, markdown, record, sarif
from stackproof.report.files import REPORTS
from stackproof.report.printable import line
from tests.report.rich import KILLED, RICH, evidence
from tests.report.sample import PROVED, RECORD, REFUTED, UNMEASURED


def run(given: Record) -> dict[str, Any]:
    (found,) = json.loads(sarif.render(given))["runs"]
    return dict(found)


def refuted(group: str, because: str = "so", **observed: object) -> Evidence:
    return replace(evidence("SP999-x", group, Verdict.REFUTED, because), measurement=Measurement("", "", observed))


def test_a_record_read_back_makes_the_same_files() -> None:
    again = record.load(record.dump(RICH).encode(), "record.json")
    assert {name: render(again) for name, render in REPORTS.items()} == {
        name: render(RICH) for name, render in REPORTS.items()
    }


def test_markdown_says_the_outcome_and_what_does_not_hold() -> None:
    text = markdown.render(RICH)
    assert text.startswith("## ❌ shop in prod on docker")
    assert "**3 of 11 promises do not hold: measured, and refuted.**" in text
    assert "| api | hung: kill" in text
    assert "**Holds again** since the proof before: SP407-killed" in text
    assert "Left out" in text


def test_markdown_of_a_proof_that_holds_is_short() -> None:
    text = markdown.render(replace(RECORD, evidence=(PROVED, KILLED), image=None, timeline=()))
    assert "3 faults: each came back within 6.1 s by itself, and nothing was lost." in text
    assert "What does not hold" not in text
    assert "<details>" not in text
    assert "image" not in text.splitlines()[-1]


def test_hostile_text_stays_text_in_markdown() -> None:
    nasty = replace(REFUTED, because="a|b\n# c @someone `x` <script> ![i](u) \x1b[31m", says="|")
    text = markdown.render(replace(RECORD, evidence=(nasty,)))
    assert "<script>" not in text
    assert "@someone" not in text
    assert "![" not in text
    assert "\x1b" not in text
    (row,) = [row for row in text.splitlines() if "SP203" in row]
    assert row.replace("\\|", "").count("|") == 4


def test_a_long_list_is_cut_in_markdown() -> None:
    assert "and 10 more in `index.html`" in markdown.render(replace(RECORD, evidence=(REFUTED,) * 50))


def test_sarif_has_refuted_claims_as_results_and_unmeasured_ones_as_notifications() -> None:
    found = run(RICH)
    rules = found["tool"]["driver"]["rules"]
    assert len(rules) == len(RICH.evidence)
    for result in found["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    assert len(found["results"]) == 3
    (noted,) = found["invocations"][0]["toolExecutionNotifications"]
    assert (noted["level"], noted["associatedRule"]["id"]) == ("warning", UNMEASURED.claim)
    helps = {rule["id"]: rule["help"]["markdown"] for rule in rules}
    assert helps["SP407-killed"] == RICH.pages["SP407-killed"]
    assert helps[PROVED.claim] == PROVED.says


def test_sarif_of_an_excused_claim_and_of_one_without_words() -> None:
    odd = replace(REFUTED, claim="SP900", because="")
    found = run(replace(RECORD, evidence=(replace(UNMEASURED, excused=True), odd)))
    assert found["invocations"][0]["toolExecutionNotifications"][0]["level"] == "note"
    assert found["tool"]["driver"]["rules"][1]["name"] == "SP900"
    assert found["results"][0]["message"]["text"].startswith("The image runs")


@pytest.mark.parametrize(
    ("item", "files", "place"),
    [
        (refuted("running", "never restarted (deploy/compose.prod.yaml:88)"), (), ("deploy/compose.prod.yaml", 88)),
        (refuted("source", seen=[{"at": "src/shop/main.py:12"}, 3]), (), ("src/shop/main.py", 12)),
        (refuted("source", "Dockerfile:7 is wrong"), (), ("Dockerfile", 7)),
        (refuted("source", "/app/main.py:3 and ../x.py:4 and a@b.py:5 and redis:6379"), (), ("stackproof.toml", 1)),
        (refuted("source", "a/../../x.py:4"), ("pyproject.toml",), ("pyproject.toml", 1)),
        (refuted("image"), RICH.files, ("Dockerfile", 1)),
        (refuted("fault"), RICH.files, ("deploy/compose.prod.yaml", 1)),
        (refuted("running", "my file.py:2"), (), ("file.py", 2)),
        (replace(refuted("image"), measurement=None), ("stackproof.toml",), ("stackproof.toml", 1)),
    ],
)
def test_a_result_is_at_a_place_that_the_user_can_change(
    item: Evidence, files: tuple[str, ...], place: tuple[str, int]
) -> None:
    (result,) = run(replace(RECORD, evidence=(item,), files=files))["results"]
    where = result["locations"][0]["physicalLocation"]
    assert (where["artifactLocation"]["uri"], where["region"]["startLine"]) == place


@pytest.mark.parametrize(
    ("items", "words"),
    [
        ((PROVED, PROVED), "2 proved"),
        ((PROVED, UNMEASURED), "1 proved, 1 unmeasured"),
        ((PROVED, REFUTED, UNMEASURED), "1 refuted, 1 proved"),
        ((), "nothing measured"),
    ],
)
def test_the_badge_says_it_in_words(items: tuple[Evidence, ...], words: str) -> None:
    drawn = Xml.fromstring(badge.render(replace(RECORD, project="<shop>\x00", evidence=items)))
    assert drawn.get("aria-label") == f"<shop> in prod: {words}"


def test_the_console_names_what_was_left_out_and_steers_no_terminal() -> None:
    text = console.render(RICH)
    assert "Left out\n  flower: runs in a container only" in text
    assert "\x1b" not in text


def test_a_line_is_cut_where_it_is_too_long() -> None:
    assert (line("a\nb"), line("abcdef", 5)) == ("a b", "ab...")

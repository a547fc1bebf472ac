"""A record becomes text: nothing in it may break the page, the table or the XML."""

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from xml.etree import ElementTree as Xml

import pytest

from stackproof.errors import UserError
from stackproof.model.artifacts import Image
from stackproof.model.proof import Evidence, Record, ServiceNote, Verdict
from stackproof.model.running import Event
from stackproof.report import console, html, junit, record
from stackproof.report.printable import printable
from tests.report.sample import PROVED, RECORD, REFUTED, UNMEASURED

BARE = replace(RECORD, services=(), timeline=(), image=None, control_bytes=None, evidence=(PROVED,), notes=())


class Tags(HTMLParser):
    """Counts what is opened and closed, and keeps every attribute."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []
        self.values: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        self.values += [value for _, value in attrs if value]
        if tag not in ("meta", "br", "path", "rect", "line"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self.open:
            assert self.open.pop() == tag


@pytest.mark.parametrize("given", [RECORD, BARE])
def test_the_page_is_well_formed_and_asks_nothing_of_the_outside(given: Record) -> None:
    page = html.render(given)
    tags = Tags()
    tags.feed(page)
    assert tags.open == []
    assert not {"script", "link", "img", "iframe"} & set(tags.seen)
    assert "://" not in page
    assert not re.search(r"url\(|@import|src=", page)


def test_hostile_text_stays_text() -> None:
    page = html.render(RECORD)
    assert "<script>" not in page
    assert "\x00" not in page
    assert "\x1b" not in page


@pytest.mark.parametrize(
    ("evidence", "sentence"),
    [
        ((PROVED, PROVED), "All 2 promises were measured, and hold."),
        ((REFUTED,), "The one promise does not hold: measured, and refuted."),
        ((REFUTED, REFUTED, PROVED), "2 of 3 promises do not hold"),
        ((UNMEASURED,), "Nothing could be measured"),
        ((PROVED,), "The one promise was measured, and holds."),
        ((PROVED, UNMEASURED), "Every promise that was measured holds; 1 of 2 could not be measured."),
        (RECORD.evidence, "1 of 3 promises does not hold: measured, and refuted."),
    ],
)
def test_the_page_says_the_outcome_in_one_sentence(evidence: tuple[Evidence, ...], sentence: str) -> None:
    assert sentence in html.render(replace(RECORD, evidence=evidence))


def test_long_output_is_cut_in_the_page_and_whole_in_the_record() -> None:
    assert "more characters in record.json" in html.render(RECORD)
    assert "x" * 9_000 in record.dump(RECORD)


def test_arrows_that_a_longer_way_says_are_left_out() -> None:
    page = html.render(RECORD)
    assert page.count("class=edge") == 3  # redis-api, redis-worker, worker-flower; not redis-flower


def test_a_start_without_health_check_and_a_service_that_never_started() -> None:
    page = html.render(replace(RECORD, timeline=(Event(0.5, "redis", "started"),)))
    assert "no health check" in page
    assert "All healthy" not in page


def test_a_very_long_start_still_has_few_ticks() -> None:
    timeline = (Event(0.0, "redis", "started"), Event(4_000.0, "redis", "healthy"))
    assert html.render(replace(RECORD, timeline=timeline)).count("class=tick") < 50


def test_an_image_without_control_build_or_stand_in() -> None:
    image = Image("shop:prod", "sha256:aa", 1_000, "1", ())
    page = html.render(replace(RECORD, image=image, control_bytes=None))
    assert "plain single-stage" not in page
    assert "stand-in" not in page


def test_an_image_larger_than_its_control_build() -> None:
    assert "plain single-stage" in html.render(replace(RECORD, control_bytes=5))


def test_the_console_names_every_claim_and_why_it_is_not_proved() -> None:
    text = console.render(RECORD)
    for item in RECORD.evidence:
        assert item.claim in text
        assert (printable(item.because) in text) is (item.verdict is not Verdict.PROVED)
    assert "1 proved, 1 refuted, 1 unmeasured in 81 s" in text


def test_the_console_without_notes() -> None:
    assert "Notes" not in console.render(BARE)


def test_junit_counts_refuted_as_failures_and_unmeasured_as_skipped() -> None:
    suite = Xml.fromstring(junit.render(RECORD).split("\n", 1)[1])
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("3", "1", "1")
    assert len(suite.findall("testcase/failure")) == 1
    assert len(suite.findall("testcase/skipped")) == 1


def test_a_record_reads_back_as_it_was() -> None:
    assert record.load(record.dump(RECORD).encode(), "record.json") == RECORD


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"{", "not a record"),
        (b"{}", "not a record"),
        (b"\xff", "not a record"),
        (json.dumps({**json.loads(record.dump(RECORD)), "schema": 99}).encode(), "has schema 99"),
    ],
)
def test_what_is_no_record_is_refused(text: bytes, words: str) -> None:
    with pytest.raises(UserError, match=words):
        record.load(text, "record.json")


def test_printable_keeps_words_and_line_ends() -> None:
    assert printable("a\tb\nc\x00\x1b\ufffeä") == "a\tb\ncä"


def test_services_are_drawn_in_columns() -> None:
    chain = tuple(ServiceNote(str(n), "web", "x", (str(n - 1),) if n else (), None, "", ()) for n in range(4))
    assert html.render(replace(RECORD, services=chain, timeline=())).count("class=edge") == 3

"""Claims that were left out are named with the reason; fields that came later have defaults."""

import json
from dataclasses import replace

from stackproof.model.surroundings import Disturbance
from stackproof.report import console, html, record
from tests.report.sample import RECORD


def test_the_console_says_what_was_not_asked() -> None:
    assert "Not asked" not in console.render(RECORD)
    text = console.render(replace(RECORD, unasked={"SP201-build-time": "cold builds"}))
    assert "\nNot asked\n  SP201-build-time                   cold builds\n" in text


def test_the_page_says_what_was_not_asked_and_what_happened_meanwhile() -> None:
    busy = replace(RECORD.evidence[0], disturbances=(Disturbance("load", "load 9.0 on 2 cores"),))
    page = html.render(replace(RECORD, evidence=(busy,), unasked={"SP201-build-time": "cold builds"}))
    assert "<dt>Meanwhile</dt><dd>load 9.0 on 2 cores</dd>" in page
    assert "SP201-build-time</code></th><td>cold builds</td>" in page
    assert not any(word in html.render(RECORD) for word in ("Meanwhile", "Not asked"))


def test_a_record_that_was_written_before_there_were_such_fields_is_read() -> None:
    document = json.loads(record.dump(RECORD))
    for field in ("images", "unasked"):
        del document[field]
    for item in document["evidence"]:
        del item["disturbances"], item["commands"]
    for service in document["services"]:
        del service["digest"]
    assert record.load(json.dumps(document).encode(), "record.json") == RECORD

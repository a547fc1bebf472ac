"""The pictures of the page show what claims have observed, in words as well as in colours."""

import re
from dataclasses import replace

import pytest

from stackproof.model.proof import Evidence, Measurement, Record, Verdict
from stackproof.model.running import Completed
from stackproof.prove import CLAIMS
from stackproof.report import html, past
from stackproof.report.faults import matrix
from stackproof.report.observed import number, rows, seconds
from stackproof.report.questions import OF_CLAIM, OF_GROUP, question
from tests.report.rich import HUNG, KILLED, LOAD, RICH, SILENT, blow, evidence, point
from tests.report.sample import PROVED, RECORD, REFUTED, UNMEASURED
from tests.report.test_reports import Tags


def with_only(*items: Evidence) -> Record:
    return replace(RICH, evidence=items)


def test_everything_together_is_well_formed_and_harmless() -> None:
    page = html.render(RICH)
    tags = Tags()
    tags.feed(page)
    assert tags.open == []
    assert not {"script", "link", "img", "iframe"} & set(tags.seen)
    assert "://" not in page
    assert "\x1b" not in page


def test_names_of_anchors_are_there_once() -> None:
    names = re.findall(r' id="([^"]+)"', html.render(RICH))
    assert len(names) == len(set(names))
    assert set(re.findall(r'href="#([^"]+)"', html.render(RICH))) <= set(names)


def test_every_question_is_asked_once_and_by_its_group_where_nothing_else_is_said() -> None:
    page = html.render(RICH)
    assert page.count("<h2 id=") == page.count("<section id=")
    assert [one for claim in CLAIMS if (one := claim.id.partition("-")[0]) not in OF_CLAIM] == []
    assert set(OF_GROUP) >= {claim.group for claim in CLAIMS}
    assert question(evidence("SP999-new", "fault")) == OF_GROUP["fault"]
    assert question(evidence("SP203-non-root-image", "image")) == OF_CLAIM["SP203"]
    assert question(evidence("odd", "odd")) == OF_GROUP["running"]


def test_the_fault_matrix_has_every_service_and_fault_with_its_times() -> None:
    found = matrix(RICH)
    assert (found.services, found.faults) == (("redis", "api", "cron"), ("killed", "hung"))
    page = html.render(RICH)
    for words in ("✓ back after 6.1 s", "red: api 3.1 s", "✕ did not come back", "✕ back after 3.0 s, 2 lost"):
        assert words in page
    assert "Every fault" not in html.render(RECORD)


def test_a_fault_without_words_in_its_id_is_called_by_it() -> None:
    assert matrix(with_only(replace(KILLED, claim="SP407"))).faults == ("SP407",)


def test_the_curve_marks_the_fault_and_breaks_where_nothing_was_answered() -> None:
    page = html.render(with_only(LOAD))
    assert "class=window" in page
    assert "140 requests, 7 errors, slowest second 480 ms" in page
    assert len(re.findall("M", re.findall(r'class=p50 d="([^"]+)"', page)[0])) == 2


def test_every_restart_is_a_window_of_its_own() -> None:
    restarts = [{"service": "api", "replica": n, "from": n, "until": n + 0.5} for n in (0, 1)]
    curve = evidence("SP418-x", "fault", series=[point(n, 5, 0, 1.0, 2.0) for n in range(3)], restarted=restarts)
    page = html.render(with_only(curve))
    assert page.count("class=window") == 2
    whole = {"from": 1, "until": 2, "series": [point(0, 1, 0, 1.0, 1.0)]}
    one = replace(curve, measurement=Measurement("", "", whole))
    assert html.render(with_only(one)).count("class=window") == 1
    assert "Shaded: api 0 from second 0 to 0, api 1 from second 1 to 2." in page


def test_a_curve_without_answers_and_without_fault() -> None:
    page = html.render(with_only(SILENT))
    assert "class=window" not in page
    assert "class=p50" not in page


@pytest.mark.parametrize(("slowest", "level"), [(0.4, "1 ms"), (7.0, "10 ms"), (150.0, "200 ms"), (900.0, "1000 ms")])
def test_the_axis_ends_at_a_round_number(slowest: float, level: str) -> None:
    curve = evidence("SP417-x", "running", series=[point(0, 1, 0, slowest, slowest)])
    assert f">{level}</text>" in html.render(with_only(curve))


def test_what_was_tried_is_told_from_what_was_not() -> None:
    page = html.render(RICH)
    for words in ("● open", "○ closed", "✕ open, not meant", "✕ closed, not meant", "· may"):
        assert words in page
    assert page.count("class=leak") == 1  # flower to redis; ghost is no service of the drawing
    assert "and should not" in page
    assert "What may reach what" not in html.render(replace(RICH, evidence=(PROVED,)))


def test_a_service_that_was_left_out_is_drawn_and_told_as_left_out() -> None:
    page = html.render(RICH)
    assert "box gone" in page
    assert "Left out, and so not proved: flower (runs in a container only" in page
    assert "box gone" not in html.render(RECORD)


def test_images_beside_the_record_and_packages_by_size() -> None:
    page = html.render(RICH)
    assert "Layers of front" in page
    assert "Layers of python" not in page  # it is the record's own, shop:prod
    assert page.index("large 1.2") < page.index("small</th>")
    assert "Layers of python" in html.render(replace(RICH, image=None))


def test_history_tells_what_is_new() -> None:
    page = html.render(RICH)
    assert "3 proofs" in page
    assert "Newly refuted: SP203-non-root-image, SP316-networks-apart. Holds again: SP407-killed." in page
    assert "SP316-networks-apart holds.</a> <em>new</em>" in page
    calm = html.render(replace(RICH, evidence=(PROVED,), history=(past.past(with_only(PROVED)),)))
    assert "nothing was newly refuted or repaired" in calm


def test_history_is_bounded() -> None:
    assert len(past.kept(replace(RICH, history=RICH.history * 40))) == past.MOST


def test_a_proof_without_anything_still_has_a_history() -> None:
    empty = replace(RICH, evidence=())
    assert "2 proofs" in html.render(replace(empty, history=(past.past(empty),)))


def test_a_claim_tells_why_from_its_page() -> None:
    page = html.render(RICH)
    assert "<dt>Why</dt><dd>A server dies.</dd>" in page
    assert page.count("<dt>Why</dt>") == 1


def test_many_refuted_promises_and_many_commands_are_cut() -> None:
    many = tuple(replace(REFUTED, claim=f"SP9{number:02}-x") for number in range(20))
    assert "and 8 more" in html.render(with_only(*many))
    raw = Measurement("1", "looked", {}, (Completed(("true",), 0, 0.1, ""),) * 20)
    assert "8 more commands in record.json" in html.render(with_only(replace(PROVED, measurement=raw)))


def test_a_section_of_pictures_alone_has_no_promises() -> None:
    page = html.render(replace(RECORD, evidence=(UNMEASURED,)))
    assert 'id="start"' in page
    assert "Does it keep up?" not in page


def test_observations_of_another_shape_are_skipped() -> None:
    assert rows({"rows": "none"}, "rows") == []
    assert rows({"rows": [1, {"a": 1}, {"b": 1}]}, "rows", "a") == [{"a": 1}]
    assert (number("1"), number(True), number(2)) == (None, None, 2.0)
    assert (seconds(None), seconds({"a": 1, "b": "x"})) == ({}, {"a": 1.0})
    assert not blow("a", None)["red"]
    assert matrix(with_only(UNMEASURED, evidence("SP407-x", "fault", rows=[{"service": "x"}]))).blows == ()


def test_a_verdict_is_never_a_colour_alone() -> None:
    page = html.render(replace(RICH, evidence=(HUNG, PROVED, UNMEASURED)))
    for verdict, sign in ((Verdict.PROVED, "✓"), (Verdict.REFUTED, "✕"), (Verdict.UNMEASURED, "?")):
        assert f'<span class="verdict {verdict}"><span aria-hidden=true>{sign}</span> {verdict}</span>' in page

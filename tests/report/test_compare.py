"""Two records into what got better and worse: verdicts decide, numbers are said."""

import json
from collections.abc import Mapping
from dataclasses import replace

import pytest

from stackproof.errors import Exit, UserError
from stackproof.model.proof import Evidence, Measurement, Record, Verdict
from stackproof.model.stack import Bounds
from stackproof.report import compare
from stackproof.report.compare import Comparison, compared, outcome
from tests.report.sample import RECORD

P, R, U = Verdict.PROVED, Verdict.REFUTED, Verdict.UNMEASURED


def item(claim: str, verdict: Verdict, observed: Mapping[str, object] | None = None) -> Evidence:
    measurement = None if observed is None else Measurement("", "", observed)
    return Evidence(claim, "image", f"{claim} holds.", verdict, f"{claim} is {verdict}", "", 1.0, measurement)


def with_(*evidence: Evidence) -> Record:
    return replace(RECORD, evidence=evidence)


def of(before: Verdict | None, after: Verdict | None) -> Comparison:
    return compared(
        with_(*([item("SP1-it", before)] if before else ())), with_(*([item("SP1-it", after)] if after else ()))
    )


@pytest.mark.parametrize(
    ("before", "after", "kind", "code"),
    [
        (P, R, "newly refuted", Exit.REFUTED),
        (U, R, "newly refuted", Exit.REFUTED),
        (None, R, "newly refuted", Exit.REFUTED),
        (P, U, "newly unmeasured", Exit.REFUTED),
        (R, U, "newly unmeasured", Exit.OK),
        (R, P, "newly proved", Exit.OK),
        (U, P, "newly proved", Exit.OK),
        (None, P, "new", Exit.OK),
        (None, U, "new", Exit.OK),
        (P, None, "gone", Exit.OK),
    ],
)
def test_what_became_of_a_claim(before: Verdict | None, after: Verdict | None, kind: str, code: Exit) -> None:
    found = of(before, after)
    (change,) = found.changes
    assert (change.kind, change.before, change.after, found.same) == (kind, before, after, 0)
    assert outcome(found) is code


@pytest.mark.parametrize("verdict", [P, R, U])
def test_the_same_is_no_finding_even_where_it_is_bad(verdict: Verdict) -> None:
    found = of(verdict, verdict)
    assert (found.changes, found.same, outcome(found)) == ((), 1, Exit.OK)


def test_the_page_names_the_cause_and_what_it_was() -> None:
    text = compare.render(of(P, R))
    assert "Newly refuted\n  SP1-it (was proved)\n             SP1-it is refuted" in text
    assert "\n1 verdict got worse, 0 changed otherwise, 0 stayed the same" in text
    assert "  SP1-it\n" in compare.render(of(None, R))
    assert "\n0 verdicts got worse, 1 changed otherwise, 0 stayed the same" in compare.render(of(U, P))


def test_a_claim_that_was_left_out_is_gone_for_that_reason() -> None:
    quick = replace(with_(), unasked={"SP1-it": "cold builds"})
    (change,) = compared(with_(item("SP1-it", P)), quick).changes
    assert change.because == "cold builds"


@pytest.mark.parametrize("what", ["project", "environment", "runtime"])
def test_proofs_of_different_stacks_are_not_compared(what: str) -> None:
    with pytest.raises(UserError, match=f"another {what}"):
        compared(RECORD, replace(RECORD, **{what: "other"}))  # type: ignore[arg-type]


def test_what_else_is_not_alike_is_said_first() -> None:
    after = replace(
        RECORD,
        bounds=Bounds(ready_seconds=5.0),
        tools={"Docker Engine": "27.0.0", "buildx": "0.13"},
        services=RECORD.services[:1],
    )
    found = compared(RECORD, after)
    assert [each.partition(":")[0] for each in found.unlike] == ["limits", "Docker Engine", "buildx", "services"]
    assert "buildx: none, now 0.13" in compare.render(found)
    assert "Not alike" not in compare.render(compared(RECORD, RECORD))


def sizes(size: int) -> Mapping[str, object]:
    return {"images": [{"name": "app", "bytes": size}, {"name": "frontend", "bytes": 50}]}


@pytest.mark.parametrize(
    ("was", "now", "words"),
    [
        (200_000_000, 300_000_000, "Figures that got worse"),
        (300_000_000, 200_000_000, "Figures that got better"),
        (200_000_000, 201_900_000, ""),  # within one per cent
        (2_000_000, 2_900_000, ""),  # within a megabyte
    ],
)
def test_numbers_that_changed_are_said_and_decide_nothing(was: int, now: int, words: str) -> None:
    found = compared(with_(item("SP202-image-size", P, sizes(was))), with_(item("SP202-image-size", P, sizes(now))))
    text = compare.render(found)
    assert outcome(found) is Exit.OK
    assert bool(found.moved) is bool(words)
    if words:
        assert f"{words} (by more than 1% and 1.0 MB, 50% and 1.0 s)" in text
        assert f"app, image: {was / 1e6:.1f} MB, now {now / 1e6:.1f} MB ({now / was - 1:+.0%})" in text


def test_seconds_and_numbers_that_are_not_there() -> None:
    def stop(seconds: float | None) -> Evidence:
        return item("SP402-graceful-stop", P, {"request": {"seconds": seconds}})

    assert "gone after SIGTERM: 0.0 s, now 4.0 s\n" in compare.render(compared(with_(stop(0.0)), with_(stop(4.0))))
    assert compared(with_(stop(None)), with_(stop(4.0))).moved == ()
    assert compared(with_(stop(4.0)), with_(item("SP402-graceful-stop", P, {}))).moved == ()
    assert compared(with_(item("SP402-graceful-stop", U)), with_(stop(4.0))).moved == ()


def test_json_says_the_tolerance_and_the_exit_code() -> None:
    document = json.loads(compare.dump(of(P, R)))
    assert document["changes"][0]["because"] == "SP1-it is refuted"
    assert (document["exit_code"], document["tolerance"]["s"]) == (1, [0.5, 1.0])

"""Ids of claims, each with a page."""

from pathlib import Path

from stackproof.prove.living import RUNNING_AND_FAULTS

_PAGES = Path(__file__).parents[2] / "docs" / "claims"


def test_the_ids_are_in_order_and_unique() -> None:
    ids = [claim.id for claim in RUNNING_AND_FAULTS]
    assert ids == sorted(set(ids))


def test_every_claim_has_a_page_with_a_wrong_and_a_right_example() -> None:
    for claim in RUNNING_AND_FAULTS:
        page = (_PAGES / f"{claim.id}.md").read_text("utf-8")
        assert page.startswith(f"# {claim.id}\n")
        assert claim.says in page
        assert page.index("## Wrong") < page.index("## Right")

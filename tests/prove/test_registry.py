"""Every claim has a number, a page with a wrong and a right example, and somebody who breaks it."""

from dataclasses import replace
from pathlib import Path

import pytest

from stackproof.model.proof import Claim
from stackproof.prove import CLAIMS
from tests.prove.fake_running import API, REDIS, STACK
from tests.saboteurs.every import SABOTEURS
from tests.saboteurs.kinds import KINDS

PAGES = Path(__file__).parents[2] / "docs" / "claims"


def test_ids_are_in_order_and_unique() -> None:
    ids = [claim.id for claim in CLAIMS]
    assert ids == sorted(set(ids))


def test_every_saboteur_breaks_a_claim() -> None:
    assert {saboteur.claim for saboteur in SABOTEURS} == {claim.id for claim in CLAIMS}


def test_no_two_saboteurs_say_the_same() -> None:
    says = [(saboteur.claim, saboteur.says) for saboteur in SABOTEURS]
    assert len(says) == len(set(says))
    assert all(saboteur.names for saboteur in SABOTEURS)


def test_a_stack_without_a_worker_is_asked_nothing_about_tasks() -> None:
    tasks = {"SP307-task-round-trip", "SP308-queues-consumed", "SP402-graceful-stop", "SP403-worker-killed"}
    asked = {claim.id for claim in CLAIMS if claim.applies(replace(STACK, services=(REDIS, API)))}
    assert tasks <= {claim.id for claim in CLAIMS if claim.applies(STACK)}
    assert not tasks & asked


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_defect_is_planted(kind: str) -> None:
    for claim, words in KINDS[kind]:
        assert len([each for each in SABOTEURS if each.claim == claim and words in each.says]) == 1, words


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.id)
def test_every_claim_has_a_page(claim: Claim) -> None:
    page = (PAGES / f"{claim.id}.md").read_text("utf-8")
    assert page.startswith(f"# {claim.id}\n\n{claim.says}")
    headings = [line for line in page.splitlines() if line.startswith("## ")]
    assert headings == ["## Why", "## How it is measured", "## Limit", "## Wrong", "## Right", *headings[5:]]
    assert headings[5:] == ["## Saboteur", "## Unmeasured"]


def test_every_page_has_a_claim() -> None:
    assert {page.stem for page in PAGES.glob("SP*.md")} == {claim.id for claim in CLAIMS}

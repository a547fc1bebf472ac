"""Each Compose rule has a page, and the page is true: its wrong example is found, its right one is not."""

import re
from pathlib import Path

import pytest

from stackproof.check.rules.compose import COMPOSE_RULES
from stackproof.model.findings import Rule
from tests.check.compose.looked import seen

PAGES = Path(__file__).parents[3] / "docs" / "rules"


@pytest.mark.parametrize("rule", COMPOSE_RULES, ids=lambda rule: rule.id)
def test_the_page_is_true(rule: Rule) -> None:
    page = (PAGES / f"{rule.id}.md").read_text()
    parts = re.split(r"^## (.+)\n", page, flags=re.MULTILINE)
    said = dict(zip(parts[1::2], parts[2::2], strict=True))
    flat = " ".join(page.split())
    assert flat.startswith(f"# {rule.id} {rule.says} Severity: {rule.severity}. Profile: {rule.profile}.")
    assert rule.fix in " ".join(said["How to fix"].split())
    assert "Source:" in said["Why"]
    assert seen(rule.id.partition("-")[0], example(said["Wrong"]))
    assert seen(rule.id.partition("-")[0], example(said["Right"])) == []


def example(text: str) -> str:
    return text.partition("```yaml\n")[2].partition("```")[0]


def test_every_page_is_of_a_rule() -> None:
    assert {path.stem for path in PAGES.glob("SR2*.md")} == {rule.id for rule in COMPOSE_RULES}


def test_numbers_are_in_order_and_taken_once() -> None:
    numbers = [rule.id.partition("-")[0] for rule in COMPOSE_RULES]
    assert numbers == sorted(set(numbers))

"""Each rule has a page, and the page is true: its wrong example is found, its right one is not."""

import re
from pathlib import Path

import pytest

from stackproof.check import RULES
from stackproof.model.findings import Rule
from tests.check.looking import seen

PAGES = Path(__file__).parents[2] / "docs" / "rules"
# Rules for one Dockerfile or one Compose file have pages of another form, and tests of their own.
OURS = [rule for rule in RULES if not rule.id.startswith(("SR1", "SR2"))]
_FILE = re.compile(r"^`([^`\n]+)`\n\n```\w+\n(.*?)\n```$", re.MULTILINE | re.DOTALL)


def parts(page: str) -> dict[str, str]:
    found = re.split(r"^## (.+)$", page, flags=re.MULTILINE)
    return dict(zip(found[1::2], found[2::2], strict=True))


def files(text: str) -> dict[str, str]:
    return {path: f"{body}\n" for path, body in _FILE.findall(text)}


@pytest.mark.parametrize("rule", OURS, ids=lambda rule: rule.id)
def test_the_page_is_true(rule: Rule) -> None:
    page = (PAGES / f"{rule.id}.md").read_text()
    assert page.startswith(f"# {rule.id}\n\n{rule.says} Severity: {rule.severity}. Profile: {rule.profile}.\n")
    said = parts(page)
    assert rule.fix in said["How to fix"]
    assert "Source:" in said["Why"]
    beside = files(said.get("Beside", ""))
    assert seen(beside | files(said["Wrong"]), rule.id)
    assert not seen(beside | files(said["Right"]), rule.id)


def test_ids_are_taken_once() -> None:
    numbers = [rule.id.partition("-")[0] for rule in RULES]
    assert len(numbers) == len(set(numbers))
    assert all(re.fullmatch(r"SR\d{3}-[a-z0-9-]+", rule.id) for rule in RULES)


def test_no_page_is_left_over() -> None:
    ours = {rule.id for rule in OURS}
    assert {path.stem for path in PAGES.glob("SR[03456]*.md")} == ours

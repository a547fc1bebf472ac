"""docs/rules.md lists the rules that there are."""

from pathlib import Path

from stackproof.check.index import index


def test_the_page_is_up_to_date() -> None:
    page = Path(__file__).parents[2] / "docs" / "rules.md"
    assert page.read_text() == index(), "scripts/rules writes it anew"

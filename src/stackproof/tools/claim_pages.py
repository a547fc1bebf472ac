"""The page of a claim: in the package where that is installed, in docs/ in a checkout."""

from pathlib import Path

_HERE = Path(__file__)
_PLACES = (_HERE.parents[1] / "pages", _HERE.parents[3] / "docs" / "claims")


def text(claim: str) -> str:
    """Markdown; nothing for a claim that has no page."""
    found = (place / f"{claim}.md" for place in _PLACES)
    return next((page.read_text(encoding="utf-8") for page in found if page.is_file()), "")

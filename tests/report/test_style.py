"""Words of the page can be read: contrast of 4.5:1 (WCAG 2.2, 1.4.3 AA) in both colour schemes."""

from collections.abc import Mapping

import pytest

from stackproof.report.html.style import DARK, LIGHT

ON = {
    "ink": ("page", "card", "box", "refuted-soft"),
    "soft": ("page", "card", "box", "refuted-soft"),
    "run": ("card",),
    "proved": ("card", "proved-soft"),
    "refuted": ("card", "refuted-soft"),
    "unmeasured": ("card", "unmeasured-soft"),
    "card": ("proved", "refuted", "unmeasured", "soft"),
}


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", [LIGHT, DARK])
@pytest.mark.parametrize(("words", "surface"), [(words, surface) for words, under in ON.items() for surface in under])
def test_contrast(scheme: Mapping[str, str], words: str, surface: str) -> None:
    dark, light = sorted((luminance(scheme[words]), luminance(scheme[surface])))
    assert (light + 0.05) / (dark + 0.05) >= 4.5

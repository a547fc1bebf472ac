"""Rendered files are what they were: same facts, same bytes."""

import pytest

from tests.render.golden import FOLDER, NAMES, rendered


@pytest.mark.parametrize("name", NAMES)
def test_the_files_are_those_kept(name: str) -> None:
    here = FOLDER / name
    kept = {str(path.relative_to(here)): path.read_text() for path in here.rglob("*") if path.is_file()}
    assert {artifact.path: artifact.text for artifact in rendered(name)} == kept, "scripts/golden writes them anew"


def test_twice_is_the_same() -> None:
    assert rendered("tubeatlas") == rendered("tubeatlas")


def test_there_are_four() -> None:
    assert NAMES == ("exoplanet", "personal-assistant", "transcript-analyzer", "tubeatlas")

"""Rendered files are what they were: same facts, same bytes."""

from tests.render.golden import FOLDER, rendered


def test_the_files_are_those_kept() -> None:
    kept = {str(path.relative_to(FOLDER)): path.read_text() for path in FOLDER.rglob("*") if path.is_file()}
    assert {artifact.path: artifact.text for artifact in rendered()} == kept, "scripts/golden writes them anew"


def test_twice_is_the_same() -> None:
    assert rendered() == rendered()

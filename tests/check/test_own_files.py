"""No false alarm: on what stackproof renders for the examples, the recommended rules are silent."""

from collections.abc import Mapping

import pytest

from stackproof.model.findings import Wanted
from tests.check.looking import looked
from tests.render.golden import EXAMPLES, FOLDER, NAMES


def _files(name: str) -> Mapping[str, str]:
    found = {}
    for root in (EXAMPLES / name, FOLDER / name):
        for path in sorted(path for path in root.rglob("*") if path.is_file() and "node_modules" not in path.parts):
            try:
                found[path.relative_to(root).as_posix()] = path.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue
    return found


@pytest.mark.parametrize("name", NAMES)
def test_recommended_finds_nothing(name: str) -> None:
    checked = looked(_files(name), Wanted("recommended"))
    assert [f"{each.at} {each.rule} {each.found}" for each in checked.findings] == []

"""For which Pythons a lock has wheels."""

import pytest

from stackproof.model.facts import Binary
from tests.detect.trees import facts


def binaries(*files: str) -> list[tuple[str, ...]]:
    listed = "".join(f'    {{file = "{name}", hash = "sha256:0"}},\n' for name in files)
    lock = f'[[package]]\nname = "Thing"\nversion = "1"\nfiles = [\n{listed}]\n\n[metadata]\nlock-version = "2.0"\n'
    return [item.pythons for item in facts(Binary, {"pyproject.toml": "[tool.poetry]\n", "poetry.lock": lock})]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (["thing-1-py3-none-any.whl", "thing-1.tar.gz"], []),
        (["thing-1-py2.py3-none-any.whl"], []),
        (["thing-1-py3-none-manylinux_2_17_x86_64.whl"], []),
        (["thing-1.tar.gz"], [()]),
        ([], []),
        (["thing-1-cp311-cp311-manylinux_2_17_x86_64.whl", "thing-1-cp312-cp312-win_amd64.whl"], [("3.11",)]),
        (["thing-1-cp39-abi3-manylinux_2_17_x86_64.whl"], [("3.9+",)]),
        (["thing-1-cp313-cp313t-manylinux_2_17_x86_64.whl"], [()]),
        (["thing-1-cp312-cp312-musllinux_1_2_x86_64.whl"], [()]),
        (["thing-1-cp312-none-any.whl"], [("3.12",)]),
        (["thing-1-py3-none-win_amd64.whl"], [()]),
    ],
)
def test_wheels(files: list[str], expected: list[tuple[str, ...]]) -> None:
    assert binaries(*files) == expected

"""Code that asks for the metadata of its own distribution."""

import pytest

from stackproof.model.facts import OwnMetadata
from tests.detect.trees import Files, facts

PROJECT = '[project]\nname = "My.Shop"\nversion = "1.2"\n'


@pytest.mark.parametrize(
    ("call", "found"),
    [
        ("from importlib.metadata import version\nversion('my-shop')\n", ["shop/app.py:2"]),
        ("import importlib.metadata\nimportlib.metadata.metadata('my_shop')\n", ["shop/app.py:2"]),
        ("from importlib.metadata import version\nversion('flask')\nversion()\nversion(name)\n", []),
        ("from importlib.metadata import version\nversion(__package__)\n", []),
        ("print(1)\n", []),
    ],
)
def test_own_metadata(call: str, found: list[str]) -> None:
    files = {"pyproject.toml": PROJECT, "shop/__init__.py": "", "shop/app.py": call}
    assert [str(fact.seen) for fact in facts(OwnMetadata, files)] == found


@pytest.mark.parametrize(
    ("files", "version"),
    [
        ({"pyproject.toml": '[project]\nname = "shop"\nversion = "1.2"\n'}, ["1.2"]),
        ({"pyproject.toml": '[tool.poetry]\nname = "shop"\nversion = "1.2"\n'}, ["1.2"]),
        ({"pyproject.toml": '[project]\nname = "shop"\ndynamic = ["version"]\n'}, [""]),
        ({"setup.py": "setup(name='shop', version='1.2')"}, ["1.2"]),
        ({"setup.cfg": "[metadata]\nname = shop\nversion = attr: shop.V\n"}, [""]),
        ({"requirements.txt": "flask\n"}, []),
    ],
)
def test_version(files: Files, version: list[str]) -> None:
    code = "from importlib.metadata import version\nversion(__package__)\n"
    assert [fact.version for fact in facts(OwnMetadata, {**files, "shop/__init__.py": code})] == version

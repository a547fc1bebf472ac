"""setup.py and setup.cfg: literals alone, wherever they stand; nothing is run."""

import pytest

from stackproof.model.facts import Distribution, Installer, PythonVersion, Requirement
from tests.detect.trees import Files, facts

CFG = """\
[metadata]
name = shop
version = attr: shop.VERSION
long_description = file: README.md, CHANGES.md
[options]
install_requires =
    # why
    flask>=3
    not a requirement
[options.extras_require]
pg = psycopg
"""


def rows(files: Files) -> list[tuple[str, str, str]]:
    return [(item.name, item.group, str(item.seen)) for item in facts(Requirement, files)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("setup(install_requires=['a', 7])", [("a", "", "setup.py:1")]),
        ("import setuptools\nsetuptools.setup(install_requires=('a',))", [("a", "", "setup.py:2")]),
        ("N = ['a']\nN = ['b']\nsetup(install_requires=N)", [("b", "", "setup.py:2")]),
        ("setup(install_requires=read())", []),
        ("setup(install_requires=N)", []),
        ("setup(extras_require={'pg': ['b'], key: ['c']})", [("b", "extra:pg", "setup.py:1")]),
        ("setup(extras_require=EXTRAS)\nwith_it[0]()", []),
        ("setup(", []),
    ],
)
def test_setup_py(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert rows({"setup.py": text, "shop.py": ""}) == expected


def test_setup_cfg() -> None:
    files = {"setup.cfg": CFG, "src/shop/__init__.py": "VERSION = 1", "README.md": "", "setup.py": "setup()"}
    assert rows(files) == [("flask", "", "setup.cfg:8"), ("psycopg", "extra:pg", "setup.cfg:11")]
    (installer,) = facts(Installer, files)
    assert (installer.manifest, installer.listed) == ("setup.py", False)
    assert set(installer.inputs) == {"setup.cfg", "README.md", "src/shop/__init__.py"}
    (name,) = facts(Distribution, files)
    assert (name.name, str(name.seen)) == ("shop", "setup.cfg:2")


@pytest.mark.parametrize("text", ["no section\n", "[flake8]\nmax-line-length = 100\n"])
def test_a_setup_cfg_that_says_nothing_is_no_manifest(text: str) -> None:
    assert not facts(Installer, {"setup.cfg": text, "app.py": ""})


def test_requirements_files_go_before_setup_py_unless_they_ask_for_it() -> None:
    files = {"setup.py": "setup(install_requires=['a'], python_requires='>=3.12')", "requirements.txt": "b\n"}
    assert [name for name, _, _ in rows(files)] == ["b"]
    assert [name for name, _, _ in rows({**files, "requirements.txt": "b\n.\n"})] == ["b", "a"]
    assert [item.specifier for item in facts(PythonVersion, files)] == [">=3.12"]

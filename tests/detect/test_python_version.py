"""Python versions: ranges, pins, contradictions, misspellings."""

import pytest

from stackproof.model.facts import Ambiguity, PythonVersion, Unreadable
from tests.detect.trees import Files, facts


def _poetry(version: str) -> Files:
    return {"pyproject.toml": f'[tool.poetry]\n[tool.poetry.dependencies]\npython = "{version}"\n'}


def _standard(version: str, pin: str = "") -> Files:
    return {"pyproject.toml": f'[project]\nrequires-python = "{version}"\n', ".python-version": pin}


def _classified(table: str) -> Files:
    named = ", ".join(f'"Programming Language :: Python :: {version}"' for version in ("3", "3.10", "3.9"))
    return {"pyproject.toml": f"[{table}]\nclassifiers = [{named}]\n"}


def _poetry_lock() -> Files:
    """Each package says for which Pythons it is, too."""
    lock = '[[package]]\n[metadata]\npython-versions = ">=3.11,<3.13"\n[[package]]\npython-versions = ">=3"\n'
    return {"poetry.lock": lock}


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (_standard(">=3.11"), (">=3.11", False, "pyproject.toml:2")),
        (_poetry("^3.11"), (">=3.11,<4.0", False, "pyproject.toml:3")),
        (_poetry("~3.11.2"), (">=3.11.2,<3.12", False, "pyproject.toml:3")),
        (_poetry("~=3.11"), ("~=3.11", False, "pyproject.toml:3")),
        (_poetry("~3"), ("~3", False, "pyproject.toml:3")),
        (_poetry("3.12"), ("==3.12.*", False, "pyproject.toml:3")),
        (_poetry("3.12.*"), ("==3.12.*", False, "pyproject.toml:3")),
        (_poetry(">=3.11 <3.14"), (">=3.11,<3.14", False, "pyproject.toml:3")),
        ({".python-version": "# pinned\n\n3.12.4\n3.11\n"}, ("3.12.4", True, ".python-version:3")),
        ({"runtime.txt": "python-3.12.4\n"}, ("3.12.4", True, "runtime.txt:1")),
        ({".tool-versions": "nodejs 24\npython 3.12.4 3.11\n"}, ("3.12.4", True, ".tool-versions:2")),
        ({"mise.toml": '[tools]\npython = ["3.12", "3.11"]\n'}, ("3.12", True, "mise.toml:2")),
        ({".mise.toml": "[tools]\npython = '3.12'\n"}, ("3.12", True, ".mise.toml:2")),
        (_classified("project"), (">=3.9", False, "pyproject.toml:2")),
        (_classified("tool.poetry"), (">=3.9", False, "pyproject.toml:2")),
        ({"uv.lock": 'version = 1\nrequires-python = ">=3.12"\n'}, (">=3.12", False, "uv.lock:2")),
        (_poetry_lock(), (">=3.11,<3.13", False, "poetry.lock:3")),
    ],
)
def test_python_version(files: Files, expected: tuple[str, bool, str]) -> None:
    (found,) = facts(PythonVersion, files)
    assert (found.specifier, found.pinned, str(found.seen)) == expected


@pytest.mark.parametrize("text", ["pypy3.10\n", "three\n", "3\n"])
def test_a_pin_that_is_no_version_is_said(text: str) -> None:
    (problem,) = facts(Unreadable, {".python-version": text})
    assert str(problem.seen) == ".python-version:1"
    assert repr(text.strip()) in problem.problem


@pytest.mark.parametrize(
    ("specifier", "pin", "agree"),
    [
        (">=3.11", "3.11", True),
        (">=3.11.4", "3.11", True),
        (">=3.12", "3.11", False),
        ("<3.12", "3.12", False),
        ("<3.12", "3.11.9", True),
        ("==3.11.*", "3.11.2", True),
        ("==3.12.*", "3.11", False),
        ("!=3.11.*", "3.11", False),
        ("~=3.11", "3.13", True),
        ("~=3.11.2", "3.12.1", False),
        ("<=3.11", "3.11.4", True),
        (">3.11", "3.11.4", False),
        (">3.10,<3.12", "3.11", True),
        ("three", "3.11", True),
        ("===3.11", "3.11", True),
    ],
)
def test_a_pin_must_agree_with_the_range(specifier: str, pin: str, agree: bool) -> None:
    doubts = facts(Ambiguity, _standard(specifier, pin))
    assert [doubt.setting for doubt in doubts] == ([] if agree else [f'python = "{pin}"'])


@pytest.mark.parametrize(("other", "doubts"), [("python-3.12.1", 0), ("python-3.11.1", 1)])
def test_two_pins_must_agree(other: str, doubts: int) -> None:
    assert len(facts(Ambiguity, {".python-version": "3.12\n", "runtime.txt": other})) == doubts


def test_a_lock_that_says_the_same_as_its_manifest_adds_nothing() -> None:
    files = {**_standard(">=3.11"), "uv.lock": 'version = 1\nrequires-python = ">=3.11"\n'}
    assert len(facts(PythonVersion, files)) == 1


@pytest.mark.parametrize("text", ["[tools]\npython = 'latest'\n", "[tools]\npython = []\n", "[tools]\n"])
def test_a_version_manager_that_names_no_version_pins_nothing(text: str) -> None:
    assert not facts(PythonVersion, {"mise.toml": text})

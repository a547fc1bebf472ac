"""Pipfile and its lock: categories, sources, markers, what is pinned."""

from stackproof.model.facts import Installer, Locked, PythonVersion, Requirement, Unreadable
from tests.detect.trees import facts

PIPFILE = """\
[packages]
flask = "*"
tool = {git = "https://git.example.org/tool.git", ref = "abc"}
money = {path = "libs/money"}
odd = {file = "https://files.example.org/odd.zip", markers = "python_version < '3.12'"}
bad = 7
[docs]
mkdocs = "==1.6"
[requires]
python_full_version = "3.12.4"
"""
LOCK = '{"_meta": {}, "default": {"Flask": {"version": "==3"}, "tool": {"git": "x"}, "x": 1}, "docs": [], "a": {}}'


def test_requirements() -> None:
    found = facts(Requirement, {"Pipfile": PIPFILE})
    assert [(item.name, item.specifier, item.group, item.url, item.marker) for item in found] == [
        ("flask", "", "", "", ""),
        ("tool", "", "", "git+https://git.example.org/tool.git@abc", ""),
        ("money", "", "", "libs/money", ""),
        ("odd", "", "", "https://files.example.org/odd.zip", "python_version < '3.12'"),
        ("bad", "", "", "", ""),
        ("mkdocs", "==1.6", "docs", "", ""),
    ]


def test_the_lock() -> None:
    files = {"Pipfile": PIPFILE, "Pipfile.lock": LOCK}
    assert [(item.name, item.version, str(item.seen)) for item in facts(Locked, files)] == [
        ("flask", "3", "Pipfile.lock")
    ]
    (installer,) = facts(Installer, files)
    assert (installer.groups, installer.local, installer.vcs) == (("docs",), ("",), False)
    assert [item.specifier for item in facts(PythonVersion, files)] == ["3.12.4"]


def test_what_cannot_be_read_is_said() -> None:
    found = facts(Unreadable, {"Pipfile": "[packages\n", "Pipfile.lock": "{"})
    assert [str(item.seen) for item in found] == ["Pipfile:1", "Pipfile.lock:1"]
    assert found[1].problem.startswith("not JSON: ")


def test_a_python_of_another_kind_pins_nothing() -> None:
    assert not facts(PythonVersion, {"Pipfile": '[requires]\npython_version = "*"\n'})
    assert not facts(PythonVersion, {"Pipfile": "[requires]\npython_version = 3\n"})

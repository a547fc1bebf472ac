"""Broken input: said with its place in the parser's words, never a crash, never silence."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stackproof import detect
from stackproof.model.facts import Unreadable, WebApp
from stackproof.model.source import SourceTree

NAMES = (
    "app.py",
    "pkg/__init__.py",
    "pyproject.toml",
    "poetry.lock",
    "uv.lock",
    "requirements.txt",
    ".python-version",
    "runtime.txt",
    ".env.example",
    "Procfile",
    "manage.py",
)
BROKEN: list[tuple[str, bytes, str, int]] = [
    ("app.py", b"x = 1\ndef f(:\n", "invalid syntax", 2),
    ("app.py", b"x = 1\n\xff = 2\n", "not utf-8", 2),
    ("app.py", b"x\n\n\n'\xff'\n", "not utf-8: invalid start byte", 4),
    ("app.py", b"# coding: nonsense\n", "unknown encoding: nonsense", 0),
    ("app.py", b"# coding: rot13\nx = 1\n", "not a text encoding", 0),
    ("app.py", b"x = 1\ny = '\0'\n", "null bytes", 2),
    ("app.py", b"x = " + b"(" * 5000, "too many nested parentheses", 1),
    ("app.py", b"x = " + b"-" * 100_000 + b"1\n", "nested too deeply", 0),
    ("pyproject.toml", b"[project]\nname = \n", "Invalid value", 2),
    ("pyproject.toml", b"[project]\nname = 'x", "Expected", 2),
    ("pyproject.toml", b"x = \xff\n", "not utf-8", 1),
    ("pyproject.toml", b"x = " + b"[" * 5000, "nested too deeply", 0),
    ("pyproject.toml", b"[project]\ndependencies = ['what is this']\n", "not a requirement: 'what is this'", 2),
    ("poetry.lock", b"[[package]]\nname = \n", "Invalid value", 2),
    ("poetry.lock", b"\xff", "not utf-8", 1),
    ("uv.lock", b"version = 1\n<<<<<<< HEAD\n", "Invalid statement", 2),
    ("requirements.txt", b"a==1\n\xff\n", "not utf-8", 2),
    ("requirements.txt", b"a==1\nwhat is this\n", "not a requirement: 'what is this'", 2),
    ("requirements.txt", b"a==1\n-r gone.txt\n", "gone.txt is asked for here and is not there", 2),
    (".env.example", b"A=1\nB=\xff\n", "not utf-8", 2),
    (".python_version", b"3.12\n", "is .python-version meant?", 0),
]


@pytest.mark.parametrize(("path", "data", "words", "line"), BROKEN)
def test_broken_files_are_said_with_their_place(path: str, data: bytes, words: str, line: int) -> None:
    files = {path: data} if path == "pyproject.toml" else {path: data, "pyproject.toml": b""}
    (problem,) = detect.detect(SourceTree(files)).all(Unreadable)
    assert words in problem.problem
    assert (problem.seen.path, problem.seen.line) == (path, line)


def test_the_rest_is_still_found() -> None:
    files = {"broken.py": b"def", "main.py": b"import fastapi\napp = fastapi.FastAPI()\n", "tests/broken.py": b"def"}
    found = detect.detect(SourceTree(files))
    assert [str(problem.seen) for problem in found.all(Unreadable)] == ["broken.py:1"]
    assert [app.target for app in found.all(WebApp)] == ["main:app"]


def test_warnings_of_the_project_stay_its_own() -> None:
    assert not detect.detect(SourceTree({"app.py": b"x = '\\d'\n"})).all(Unreadable)


@pytest.mark.parametrize(
    "part", ["-" * 800 + "1", "x" + ".y" * 900, "x" + "()" * 900, "1" + "+1" * 900, "'a'" + "+'a'" * 900]
)
def test_deep_expressions_do_not_exhaust_the_stack(part: str) -> None:
    text = (
        f"import os, fastapi\nA = {part}\nos.getenv('A', {part})\nos.environ[{part}]\n@app.get({part})\ndef f(): ...\n"
    )
    detect.detect(SourceTree({"app.py": text.encode()}))


def test_an_empty_tree_has_no_facts() -> None:
    found = detect.detect(SourceTree({}, name="empty", origin="folder"))
    assert (found.name, found.facts, found.origin) == ("empty", (), "folder")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(NAMES), st.binary(max_size=60), max_size=4))
def test_arbitrary_bytes_never_raise(files: dict[str, bytes]) -> None:
    detect.detect(SourceTree(files))


PIECES = st.sampled_from(
    [
        "import os",
        "from os import *",
        "from . import x",
        "from .. import *",
        "app",
        "=",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ":",
        "os.environ",
        ".get",
        "'A'",
        ",",
        "\n",
        "\n    ",
        "def f",
        "class C",
        "return ",
        "@",
        ".task",
        "Celery",
        "FastAPI",
        "import celery",
        "from fastapi import FastAPI",
        "conf.update",
        "task_routes",
        "f'{x}'",
        "**",
        "*",
        "lambda: ",
        "1",
        "[project]\n",
        "[[package]]\n",
        "name",
        "version",
        '"x"',
        "dependencies",
        "[tool.poetry.group.a]\n",
        "-r a.txt",
        "==",
    ]
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(NAMES), st.lists(PIECES, max_size=25).map("".join), max_size=3))
def test_arbitrary_code_never_raises(files: dict[str, str]) -> None:
    detect.detect(SourceTree({path: text.encode() for path, text in files.items()}))


@settings(max_examples=100, deadline=None)
@given(
    st.recursive(
        st.sampled_from(["''", "1", "true", "1979-05-27"]),
        lambda inner: (
            st.lists(inner, max_size=2).map(lambda items: f"[{', '.join(items)}]")
            | st.dictionaries(st.sampled_from("ab"), inner, max_size=2).map(
                lambda table: f"{{{', '.join(f'{key} = {value}' for key, value in table.items())}}}"
            )
        ),
        max_leaves=4,
    ),
    st.sampled_from(
        [
            "project",
            "project.name",
            "project.dependencies",
            "project.requires-python",
            "project.optional-dependencies",
            "dependency-groups",
            "build-system",
            "build-system.build-backend",
            "tool",
            "tool.uv",
            "tool.uv.default-groups",
            "tool.uv.package",
            "tool.poetry",
            "tool.poetry.name",
            "tool.poetry.group",
            "tool.poetry.group.a",
            "tool.poetry.dependencies",
            "tool.poetry.dependencies.python",
            "tool.poetry.dependencies.x",
            "tool.fastapi",
            "tool.fastapi.entrypoint",
        ]
    ),
)
def test_values_of_the_wrong_type_never_raise(value: str, key: str) -> None:
    detect.detect(SourceTree({"pyproject.toml": f"{key} = {value}\n".encode()}))

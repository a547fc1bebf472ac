"""Bad input of every kind: one clear message, the documented exit code, a way out, and never a traceback."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import yaml

from stackproof.cli.main import main
from stackproof.errors import Exit

_APP = "from fastapi import FastAPI\napp = FastAPI()\n@app.get('/health')\ndef health(): return {}\n"
_MIB = b"\n" * (1 << 20)
_POETRY = '[tool.poetry]\nname = "x"\nversion = "1"\n[tool.poetry.dependencies]\npython = "^3.11"\n'
_UV = '[project]\nname = "x"\nversion = "1"\ndependencies = ["fastapi"]\n'
HOSTILE = """import os
os.environ.get("BRACE", "a}b${HOME}")
os.environ.get("TWO_LINES", "1\\n2")
os.environ.get("DOLLAR", "$HOME")
os.environ.get("QUOTES", "'\\"`id`\\\\")
os.environ.get("LETTERS", "ü #: - ")
os.environ.get("ProgramFiles(x86)")
os.environ.get("1X}", "")
os.environ.get("", "")
"""
_DEEP = "[" * 5000

Files = Mapping[str, str | bytes]
Prepare = Callable[[Path], object]


@dataclass(frozen=True)
class Case:
    """What lies in the folder beside a sound small project (None: without one), and what must be said about it."""

    says: str
    files: Files = field(default_factory=dict)
    words: str = "plan"
    code: Exit = Exit.USER
    prepare: Prepare = lambda _root: None
    alone: bool = False


CASES: Mapping[str, Case] = {
    # --- the folder
    "nowhere": Case("nowhere: no such folder", words="plan -C nowhere"),
    "a file": Case("main.py: is a file, not a folder", words="plan main.py"),
    "empty": Case("No Python project here (folder: empty)", alone=True),
    "no Python project": Case("no manifest was found. Looked for Poetry", {"package.json": "{}"}, alone=True),
    "no application": Case("main.py:1: main.py: it runs to its end", {"main.py": "x = 1\n"}),
    # --- manifests and locks
    "pyproject.toml broken": Case(
        "pyproject.toml:1: not TOML: Expected ']' at the end", {"pyproject.toml": "[project\n"}
    ),
    "pyproject.toml deep": Case("pyproject.toml: nested too deeply", {"pyproject.toml": f"x = {_DEEP}"}),
    "pyproject.toml huge": Case("pyproject.toml is larger than 1 MiB", {"pyproject.toml": _MIB + b"\n"}),
    "poetry.lock broken": Case(
        "poetry.lock:2: Invalid statement", {"pyproject.toml": _POETRY, "poetry.lock": "version = 1\n<<<<<<< HEAD\n"}
    ),
    "poetry.lock empty": Case("poetry.lock: no lock: it names", {"pyproject.toml": _POETRY, "poetry.lock": ""}),
    "poetry.lock of a wrong type": Case(
        "poetry.lock: no lock", {"pyproject.toml": _POETRY, "poetry.lock": "package = 3\n"}
    ),
    "uv.lock broken": Case("uv.lock:1: ", {"pyproject.toml": _UV, "uv.lock": "[[package\n"}),
    "requirements that are none": Case(
        "requirements.txt:3: nowhere.txt is asked for here and is not there\n"
        "requirements.txt:2: not a requirement: '==='",
        {"requirements.txt": "fastapi\n===\n-r nowhere.txt\n"},
    ),
    # --- settings
    "unknown key": Case(
        "stackproof.toml:2: unknown key 'nmae'; did you mean 'name'?", {"stackproof.toml": '\nnmae = "x"\n'}
    ),
    "unknown key deep in": Case(
        "stackproof.toml:2: unknown key 'services.api.memory'; did you mean 'memory_mb'?",
        {"stackproof.toml": "[services.api]\nmemory = 512\n"},
    ),
    "wrong type": Case(
        "stackproof.toml:3: services.api.memory_mb must be a whole number, not text",
        {"stackproof.toml": '\n[services.api]\nmemory_mb = "much"\n'},
    ),
    "settings broken": Case("stackproof.toml:1: not TOML", {"stackproof.toml": "[bounds\n"}),
    "settings deep": Case("stackproof.toml: nested too deeply", {"stackproof.toml": f"x = {_DEEP}"}),
    "settings not UTF-8": Case("stackproof.toml:2: not UTF-8", {"stackproof.toml": b"\n\xff"}),
    "settings huge": Case("stackproof.toml is larger than 1 MiB", {"stackproof.toml": _MIB + b"\n"}),
    "hostile name": Case(
        "stackproof.toml:1: name is '-rf $HOME\\n'", {"stackproof.toml": 'name = "-rf $HOME\\n"\n'}
    ),
    # --- the application
    "syntax error": Case("main.py:1: invalid syntax", {"main.py": "def (:\n"}),
    "not UTF-8": Case("main.py:2: not utf-8", {"main.py": b"x = 1\n# \xe9\n"}),
    "unknown encoding": Case("main.py: unknown encoding: klingon", {"main.py": "# coding: klingon\n"}),
    "UTF-16": Case("main.py:1: invalid or missing encoding", {"main.py": _APP.encode("utf-16")}),
    "NUL": Case("main.py:2: source code string cannot contain null bytes", {"main.py": "x = 1\n\0"}),
    "nested code": Case("main.py:1: too many nested parentheses", {"main.py": f"x = {'(' * 500}"}),
    # --- links and names
    "a link out": Case("x.py: a symbolic link out of", prepare=lambda root: _link(root, "x.py", "/etc/hosts")),
    "a link out to a folder": Case("etc: a symbolic link out of", prepare=lambda root: _link(root, "etc", "/etc")),
    "a loop of links": Case("a symbolic link that leads in a loop", prepare=lambda root: _link(root, "a", "a")),
    "a name that is not UTF-8": Case("\ufffd.py: a name that is not UTF-8", {"\udcff.py": ""}),
    "a folder that cannot go into an image": Case(
        "'back end' goes into the image, and a Dockerfile cannot name it",
        {"back end/src/shop/__init__.py": "", "back end/main.py": "import flask\napp = flask.Flask('x')\n",
         "back end/requirements.txt": "flask\n"},
        alone=True,
    ),
    "a very deep folder": Case("cannot be read: File name too long", prepare=lambda root: _deep(root, 500)),
    # --- what render wrote
    "a file changed by hand": Case(
        "Dockerfile is not as stackproof wrote it:\n--- Dockerfile (on disk)", {"Dockerfile": "FROM x\n"}, "render"
    ),
    "drift in CI": Case("", {}, "render --check", Exit.REFUTED),
    "stackproof.lock in conflict": Case("not JSON", {"stackproof.lock": "<<<<<<< HEAD\n"}, "render"),
    "stackproof.lock deep": Case("nested too deeply", {"stackproof.lock": "[" * 99999}, "render"),
    "stackproof.lock that leads out": Case(
        "it names a file outside of the project: '../x'", {"stackproof.lock": '{"files": {"../x": ""}}'}, "render"
    ),
    "stackproof.lock with NUL": Case("outside", {"stackproof.lock": '{"files": {"\\u0000": ""}}'}, "render"),
    "a folder in a file's place": Case(
        "Dockerfile is a folder", words="render", prepare=lambda root: (root / "Dockerfile").mkdir()
    ),
    # --- nothing there to look at
    "logs of nothing": Case("-dev is not running\n  fix: Bring it up: stackproof up", words="logs --on process"),
    "logs of no service": Case("has no service nope\n  fix: It has: api", words="logs --service nope --on process"),
    "an image without an engine": Case("an image needs a container engine", words="build --on process"),
    "a profile that is none": Case("has no profile nope", words="up --on process --profile nope"),
    "a claim that is none": Case("no claim is called SP9", words="prove --on process --claim SP9"),
    "state in the way": Case("cannot be written: Not a directory", {".stackproof": ""}, "up --on process", Exit.TOOL),
    "state that is none": Case("cannot be read: ", {".stackproof/dev/state.json": "{"}, "down --on process"),
    # --- records
    "no record": Case("no such record\n  fix: Run `stackproof prove` first", words="report"),
    "a project without a record": Case("proof/record.json: no such record", words="report ."),
    "a broken record": Case("x.json: not a record of a proof: ", {"x.json": '{"schema": 1'}, "report x.json"),
    "a record that is none": Case("not a record of a proof: ", {"x.json": "[]"}, "report x.json"),
    "bytes for a record": Case("not a record of a proof: ", {"x.json": b"\xff\xfe"}, "report x.json"),
    "a deep record": Case("not a record of a proof: ", {"x.json": '{"schema": 1, "x": ' + _DEEP}, "report x.json"),
    "a record of tomorrow": Case("x.json: has schema 99", {"x.json": '{"schema": 99}'}, "report x.json"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_bad_input_is_said_in_words(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    case = CASES[name]
    root = _project(tmp_path / "shop", case)
    code, _, errors = _run(root, case.words, capsys)
    assert code == case.code
    assert case.says in errors
    assert ("  fix: " in errors) is bool(case.says)
    assert "Traceback" not in errors
    assert len(errors) < 3000


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ("status --on process", Exit.REFUTED, "not running\n"),
        ("status --on process --json", Exit.REFUTED, "[]\n"),
        ("down --on process", Exit.OK, "nothing was running\n"),
        ("down --on process -v --json", Exit.OK, '{"removed": []}\n'),
    ],
)
def test_nothing_is_no_error(
    words: str, code: Exit, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(_project(tmp_path / "shop", Case("")), words, capsys) == (code, said, "")
    assert not (tmp_path / "shop/.stackproof").exists()


@pytest.mark.parametrize("memory", [b"quantum", b"\xff", b""])
def test_a_runtime_that_nobody_knows_is_looked_for(
    memory: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = _project(tmp_path / "shop", Case("", {".stackproof/dev/runtime": memory}))
    assert _run(root, "status --on process", capsys)[0] == Exit.REFUTED


@pytest.mark.parametrize(
    "name",
    [
        "a b",
        "quo'te\"",
        "new\nline",
        "-dash",
        "ünï",
        "$HOME",
        "`id`",
        "...",
        "A.B_c",
        "日本",
        "\udcff",
        "x${X:-1}",
        "#",
    ],
)
def test_any_name_of_a_folder_will_do(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = _project(tmp_path / name, Case(""))
    code, said, errors = _run(root, "plan --json", capsys)
    assert (code, errors) == (Exit.OK, "")
    assert json.loads(said.encode())["environments"]["dev"]["project"].isascii()
    assert _run(root, "render", capsys)[0] == Exit.OK
    assert _run(root, "render", capsys)[1].strip() == "21 files unchanged"


def test_files_that_cannot_be_imported_do_not_reach_the_image(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = ["main (copy).py", "$(id).py", "n\nRUN l.py", "q'\".py", "--from=x.py"]
    root = _project(tmp_path / "shop", Case("", dict.fromkeys(names, "def (:\n")))
    assert _run(root, "render", capsys)[0] == Exit.OK
    copied = [line for line in (root / "Dockerfile").read_text().splitlines() if line.startswith("COPY main")]
    assert copied == ["COPY main.py /app/main.py"]
    assert not any(name in (root / "Dockerfile").read_text() for name in names)


OURS = {"PYTHONUNBUFFERED", "FORWARDED_ALLOW_IPS"}


def test_values_and_names_that_mean_something_to_others(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Variables as the code has them: what Compose could not read is left to the code's own default."""
    root = _project(tmp_path / "shop", Case("", {"settings.py": HOSTILE}))
    assert _run(root, "render", capsys)[0] == Exit.OK
    rendered = yaml.safe_load((root / "deploy/compose.prod.yaml").read_text())["services"]["api"]["environment"]
    found = {name: value for name, value in rendered.items() if name not in OURS}
    assert found == {
        "BRACE": None,
        "TWO_LINES": None,
        "DOLLAR": "${DOLLAR:-$$HOME}",
        "QUOTES": "${QUOTES:-'\"`id`\\}",
        "LETTERS": "${LETTERS:-ü #: - }",
    }


def test_what_is_printed_cannot_drive_a_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    named = '[project]\nname = "a\\u001b[31mb\\u001b]0;title\\u0007\\r\\nc"\nversion = "1"\n'
    code, said, _ = _run(_project(tmp_path / "shop", Case("", {"pyproject.toml": named})), "plan", capsys)
    assert code == Exit.OK
    assert said.startswith("ab\\x1b]0;title\\x07\\r\\nc: 3 files")
    assert not {"\x1b", "\x07", "\r"} & set(said)


def test_thousands_of_files_and_facts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Work that grows with the square of the project would take minutes here."""
    many = {f"p{n % 20}/m{n}.py": f"import os\nX = os.environ.get('V{n}')\n" for n in range(1500)}
    code, said, _ = _run(_project(tmp_path / "shop", Case("", many)), "plan", capsys)
    assert code == Exit.OK
    assert "1500 of them" in said


def test_a_folder_without_rights(tmp_path: Path) -> None:
    root = _project(tmp_path / "shop", Case("", {"inner/x.py": ""}))
    root.chmod(0o555)
    done = _unprivileged("render", root)
    assert (done.returncode, "could not be written: Permission denied" in done.stderr) == (Exit.TOOL, True)
    root.chmod(0o755)
    (root / "inner").chmod(0)
    done = _unprivileged("plan", root)
    (root / "inner").chmod(0o755)
    assert (done.returncode, "inner: cannot be read: Permission denied" in done.stderr) == (Exit.USER, True)


def _unprivileged(command: str, root: Path) -> "subprocess.CompletedProcess[str]":
    """As the files' owner without the rights of root."""
    drop = ("setpriv", "--bounding-set=-all", "--inh-caps=-all") if os.geteuid() == 0 else ()
    argv = (*drop, sys.executable, "-m", "stackproof", command, "-C", str(root))
    return subprocess.run(argv, check=False, capture_output=True, text=True)


def _project(root: Path, case: Case) -> Path:
    sound: Files = {} if case.alone else {"main.py": _APP, "requirements.txt": "fastapi\n"}
    root.mkdir()
    for name, content in {**sound, **case.files}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    case.prepare(root)
    return root


def _run(root: Path, words: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    """One command with the project as its -C; a last word that names a file is taken from there."""
    command, *rest = words.split()
    folder = [] if "-C" in rest else ["-C", str(root)]
    rest = [str(root / word) if word == "nowhere" else word for word in rest]
    code = main([command, *folder, *rest])
    said = capsys.readouterr()
    return code, said.out, said.err


def _link(root: Path, name: str, target: str) -> None:
    (root / name).symlink_to(target)


def _deep(root: Path, levels: int) -> None:
    """Deeper than a path can be long: made from the inside."""
    here = os.open(root, os.O_RDONLY)
    for _ in range(levels):
        os.mkdir("d" * 20, dir_fd=here)
        inner = os.open("d" * 20, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    os.close(here)

"""Paths that the code writes to."""

import pytest

from stackproof.model.facts import WritablePath
from tests.detect.trees import facts


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("import os\nos.getenv('D', 'sqlite:///data/a.db')\n", ["data:2"]),
        ("import os\nos.getenv('D', 'sqlite:////var/lib/a.db?x=1')\n", ["/var/lib:2"]),
        ("import os\nos.getenv('D', 'sqlite:///./a.db')\nos.getenv('E', 'sqlite:///:memory:')\n", [".:2"]),
        ("import os\nos.getenv('D', 'sqlite://')\nos.getenv('E', 'redis://r/0')\n", []),
        (
            "open('out/a.txt', 'w')\nopen('in/a.txt')\nopen('b/c', mode='rb+')\nopen(x, 'w')\nopen('d/e', m)\nopen()\n",
            ["out:1", "b:3"],
        ),
        (
            "from pathlib import Path\nP = Path('x')\nP.mkdir()\n(P / 'y' / 'z.txt').write_text('')\n"
            "P.open('a')\nP.open()\nP.read_text()\nopen.x()\n",
            ["x:3", "x/y:4", ".:5"],
        ),
        ("import os\nos.makedirs('cache/a', exist_ok=True)\nos.mkdir(x)\n", ["cache/a:2"]),
        (
            "import logging\nlogging.FileHandler('logs/a.log')\nlogging.FileHandler(filename='l/a.log')\n",
            ["logs:2", "l:3"],
        ),
        ("from logging.handlers import RotatingFileHandler\nRotatingFileHandler('logs/a.log')\n(f)()()\n", ["logs:2"]),
        (
            "L = {'h': {'class': 'logging.FileHandler', 'filename': 'logs/a.log'},"
            " 'i': {'class': 'x', 'filename': f()}}\n",
            ["logs:1"],
        ),
        (
            "app.config['UPLOAD_FOLDER'] = 'uploads'\nMEDIA_ROOT = 'media'\nUPLOAD_FOLDER = x\n",
            ["uploads:1", "media:2"],
        ),
        ("open('/dev/null', 'w')\nopen('../x/y', 'w')\n", []),
        ("open('a/x', 'w')\nopen('a/y', 'w')\n", ["a:1"]),
    ],
)
def test_writable_paths(text: str, expected: list[str]) -> None:
    assert [f"{item.path}:{item.seen.line}" for item in facts(WritablePath, {"m.py": text})] == expected


CLASS = """\
from dataclasses import dataclass
from pathlib import Path
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    output_dir: Path = Path("output/jobs")
    logs_dir: Path = Path("logs")


@dataclass(frozen=True)
class Results:
    root: Path
    name: str = "x"
    log: Path = Path("other")

    def save(self, job: str) -> None:
        folder = self.root / job
        folder.mkdir()
        beside = folder / f"{job}.part"
        beside.write_text("")
        (self.log / "a.txt").write_text("")
        (self.gone / "a.txt").write_text("")
        other.root.mkdir()
        (folder + job).mkdir()


class Log:
    def __init__(self, path: Path, *, name: str = "a.log") -> None:
        self.name: str = name
        self._path = path
        print(path)

    def write(self) -> None:
        (self._path / self.name).touch()


def outside(self):
    self.root.mkdir()


def make(settings: Settings | None = None) -> None:
    settings = settings or Settings()
    {made}
    Log(settings.logs_dir)
"""


@pytest.mark.parametrize(
    ("made", "paths"),
    [
        ("Results(Path(settings.output_dir))", ["output/jobs", "other", "logs"]),
        ("Results(root=settings.output_dir, log=Path('x'))", ["output/jobs", "x", "logs"]),
        ("pass", ["other", "logs"]),
        ("Results(*args)", ["other", "logs"]),
    ],
)
def test_folders_that_objects_are_given(made: str, paths: list[str]) -> None:
    files = {"m.py": CLASS.replace("{made}", made)}
    assert [item.path for item in facts(WritablePath, files)] == paths


def test_a_file_that_is_made_of_itself_ends() -> None:
    assert not facts(WritablePath, {"m.py": "def f(p):\n    p = p / x\n    p.mkdir()\n"})

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

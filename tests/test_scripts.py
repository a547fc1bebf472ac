"""Every shell script is one that its shell can read, and what is called by name may be executed."""

import os
import re
import subprocess
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).parents[1] / "scripts"
_SHEBANG = re.compile(rb"#!.*sh\n")
_SHELL = sorted(
    path
    for path in SCRIPTS.rglob("*")
    if path.is_file() and (path.suffix == ".sh" or _SHEBANG.match(path.read_bytes()))
)


@pytest.mark.parametrize("script", _SHELL, ids=lambda path: str(path.relative_to(SCRIPTS)))
def test_a_script_can_be_read_by_its_shell(script: Path) -> None:
    shell = "sh" if script.read_text().startswith("#!/bin/sh\n") else "bash"
    done = subprocess.run((shell, "-n", str(script)), capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert script.parent != SCRIPTS or os.access(script, os.X_OK)

"""Completion scripts, made from the parser: bash's is run, the others' are parsed where their shells are there."""

import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from stackproof.cli import main
from stackproof.errors import Exit


def _script(shell: str, capsys: pytest.CaptureFixture[str]) -> str:
    assert main.main(["completion", shell]) == Exit.OK
    return capsys.readouterr().out


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("stackproof che", "check"),
        ("stackproof check --pro", "--profile"),
        ("stackproof check --profile s", "strict"),
        ("stackproof up --env ", "dev stage prod"),
        ("stackproof completion f", "fish"),
    ],
)
def test_bash_completes(line: str, offered: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = line.split(" ")
    ask = f"COMP_WORDS=({shlex.join(words)}); COMP_CWORD={len(words) - 1}; _stackproof"
    script = f'{_script("bash", capsys)}\n{ask}\necho "${{COMPREPLY[@]}}"'
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert done.stdout.strip() == offered


@pytest.mark.parametrize(("shell", "has"), [("zsh", "bashcompinit"), ("fish", '-l profile -x -a "recommended strict"')])
def test_the_others(shell: str, has: str, capsys: pytest.CaptureFixture[str]) -> None:
    script = _script(shell, capsys)
    assert has in script
    if program := shutil.which(shell):
        subprocess.run([program, "-n"], input=script, text=True, check=True)


def test_every_command_is_offered(capsys: pytest.CaptureFixture[str]) -> None:
    script = _script("fish", capsys)
    assert all(f"-a {name} " in script for name, _, _ in main.COMMANDS)

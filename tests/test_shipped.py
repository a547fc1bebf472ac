"""What ships for other tools: the pre-commit hook's entry and the GitHub Action's steps, run as they stand."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
OLD = "server {\n    ssl_protocols TLSv1;\n}\n"


@pytest.fixture
def machine(tmp_path: Path) -> dict[str, str]:
    """A `stackproof` on the PATH, and where the Action installs one."""
    for folder in ("bin", "stackproof/bin"):
        (tmp_path / folder).mkdir(parents=True)
        program = tmp_path / folder / "stackproof"
        program.write_text(f'#!/bin/sh\nexec {sys.executable} -m stackproof "$@"\n')
        program.chmod(0o755)
    (tmp_path / "project").mkdir()
    (tmp_path / "project" / "site.conf").write_text(OLD)
    path = f"{tmp_path}/bin:/usr/bin:/bin"
    return {"PATH": path, "RUNNER_TEMP": str(tmp_path), "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}


def test_the_hook(tmp_path: Path, machine: dict[str, str]) -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    done = subprocess.run(
        hook["entry"].split(), cwd=tmp_path / "project", env=machine, capture_output=True, text=True, check=False
    )
    assert (done.returncode, "SR505-old-tls" in done.stdout) == (1, True), done.stderr
    wanted = re.compile(hook["files"])
    assert all(wanted.search(path) for path in ("Dockerfile", "api/Dockerfile", "compose.yaml", "app/main.py", ".env"))
    assert not wanted.search("README.md")


def test_the_action(tmp_path: Path, machine: dict[str, str]) -> None:
    action = yaml.safe_load((ROOT / "action.yml").read_text())
    given = {"PROJECT": str(tmp_path / "project"), "PROFILE": "strict", "SARIF": str(tmp_path / "found.sarif")}
    step = action["runs"]["steps"][1]
    assert given.keys() == step["env"].keys()
    done = subprocess.run(
        ["bash", "-eo", "pipefail", "-c", step["run"]], env=machine | given, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1, done.stderr
    assert "::error file=site.conf,line=2,title=SR505-old-tls::" in done.stdout
    assert '"2.1.0"' in (tmp_path / "found.sarif").read_text()

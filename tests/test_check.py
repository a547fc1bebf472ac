"""`stackproof check` as a command: a folder in, findings and an exit code out."""

import json
import subprocess
from pathlib import Path

import pytest

from stackproof.cli import main
from stackproof.errors import Exit

OLD = "server {\n    ssl_protocols TLSv1;\n}\n"
NEW = "server {\n    ssl_protocols TLSv1.2 TLSv1.3;\n}\n"


@pytest.fixture(autouse=True)
def _no_hadolint(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/usr/bin:/bin")


def check(root: Path, *words: str) -> int:
    return main.main(["check", "-C", str(root), *words])


def put(root: Path, **files: str) -> None:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)


def test_findings_fail_and_a_clean_folder_does_not(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(tmp_path, **{"site.conf": OLD})
    assert check(tmp_path) == Exit.REFUTED
    assert "site.conf:2: error: TLSv1 is offered [SR505-old-tls]" in capsys.readouterr().out
    put(tmp_path, **{"site.conf": NEW})
    assert check(tmp_path, "--json") == Exit.OK
    assert json.loads(capsys.readouterr().out)["findings"] == []


def test_an_unreadable_file_is_a_finding_and_the_others_go_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(tmp_path, **{"Dockerfile": "FORM x\n", "compose.yaml": "services: [\n", "site.conf": OLD, "b/compose.yaml": ""})
    assert check(tmp_path, "--format", "github") == Exit.REFUTED
    said = capsys.readouterr().out
    assert "file=Dockerfile,line=1,title=SR001-unreadable" in said
    assert "file=compose.yaml" in said
    assert "file=site.conf" in said


def test_fix_shows_writes_and_keeps(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(tmp_path, **{"site.conf": OLD})
    (tmp_path / "site.conf").chmod(0o640)
    assert check(tmp_path, "--fix", "--diff") == Exit.REFUTED
    assert "+    ssl_protocols TLSv1.2 TLSv1.3;" in capsys.readouterr().out
    assert (tmp_path / "site.conf").read_text() == OLD
    assert check(tmp_path, "--fix") == Exit.OK
    assert "as before: site.conf.orig" in capsys.readouterr().err
    assert (tmp_path / "site.conf").read_text() == NEW
    assert (tmp_path / "site.conf").stat().st_mode & 0o777 == 0o640
    assert (tmp_path / "site.conf.orig").read_text() == OLD
    assert check(tmp_path, "--fix") == Exit.OK
    assert "nothing here can be mended" in capsys.readouterr().out


def test_a_baseline_lets_old_findings_be(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(tmp_path, **{"site.conf": OLD})
    assert check(tmp_path, "--write-baseline") == Exit.OK
    put(tmp_path, **{"site.conf": f"\n{OLD}"})
    assert check(tmp_path) == Exit.OK
    assert "1 finding in the baseline" in capsys.readouterr().out
    put(tmp_path, **{"other.conf": OLD})
    assert check(tmp_path) == Exit.REFUTED
    assert check(tmp_path, "--baseline", "gone.json") == Exit.USER


def test_settings_choose(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = '[check]\nprofile = "strict"\nleave_out = ["old"]\n'
    table += 'ignore = { SR506 = "internal" }\nseverity = { SR505 = "info" }\n'
    put(tmp_path, **{"site.conf": OLD, "old/site.conf": OLD, "stackproof.toml": table})
    assert check(tmp_path) == Exit.OK
    said = capsys.readouterr().out
    assert "site.conf:2: info:" in said
    assert "old/" not in said
    assert "SR506" not in said
    put(tmp_path, **{"stackproof.toml": '[check]\nignore = { SR506 = " " }\nseverity = { SR505 = "fatal" }\n'})
    assert check(tmp_path) == Exit.USER
    said = capsys.readouterr().err
    assert "stackproof.toml:2: check.ignore gives no reason for SR506" in said
    assert "stackproof.toml:3: check.severity must be one of error, warning, info" in said


def test_rules_that_are_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check(tmp_path, "--rule", "SR999") == Exit.USER
    assert "no rule is called SR999" in capsys.readouterr().err


def test_named_compose_files_are_taken_together(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(tmp_path, **{"a.yaml": "services:\n  a:\n    build: gone\n", "b.yaml": "services:\n  b:\n    image: x:1\n"})
    assert check(tmp_path, "-f", "./a.yaml", "-f", str(tmp_path / "b.yaml"), "--json") in (Exit.OK, Exit.REFUTED)
    assert json.loads(capsys.readouterr().out)["files"] == ["a.yaml", "b.yaml"]
    assert check(tmp_path, "-f", "gone.yaml") == Exit.USER
    assert "gone.yaml: no such file" in capsys.readouterr().err


def test_what_is_not_committed_yet_is_looked_at_and_what_git_ignores_is_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    put(tmp_path, **{".gitignore": "old/\n", "site.conf": OLD, "old/site.conf": OLD, "README.md": ""})
    subprocess.run(["git", "-C", tmp_path, "add", "README.md"], check=True)
    assert check(tmp_path, "--json") == Exit.REFUTED
    assert json.loads(capsys.readouterr().out)["files"] == ["site.conf"]


def test_hadolint_is_asked_where_it_is_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    program = tmp_path / "bin" / "hadolint"
    put(
        tmp_path,
        **{"Dockerfile": "FROM scratch\nUSER 10001:10001\n", "bin/hadolint": '#!/bin/sh\nprintf %s "$ANSWER"\n'},
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
    one = {"code": "DL3999", "file": "./Dockerfile", "level": "warning", "line": 1, "message": "No."}
    monkeypatch.setenv("ANSWER", json.dumps([one]))
    assert check(tmp_path, "--format", "github") == Exit.REFUTED
    assert "title=DL3999::No." in capsys.readouterr().out
    assert check(tmp_path, "--no-hadolint") == Exit.OK
    program.write_text("#!/bin/sh\necho broken >&2; exit 3\n")
    assert check(tmp_path) == Exit.TOOL
    assert "broken" in capsys.readouterr().err

"""Files on disk: whole or not at all, ours or left alone."""

import fcntl
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from stackproof.errors import Exit, ToolFailed, UserError
from stackproof.model.artifacts import Artifact
from stackproof.write import compare, write

PROGRAM = """
import resource, signal, sys
from pathlib import Path
from stackproof.errors import ToolFailed
from stackproof.model.artifacts import Artifact
from stackproof.write import write
{prepare}
try:
    write(Path(sys.argv[1]), [Artifact("small", "new"), Artifact("big", "x" * 100_000)])
except ToolFailed as failure:
    print(failure, "|", failure.fix)
    sys.exit(failure.exit_code)
"""


def artifacts(**texts: str) -> tuple[Artifact, ...]:
    """Files and the lock that names them; `a__b` stands for a/b."""
    files = [Artifact(name.replace("__", "/"), text) for name, text in texts.items()]
    digests = ", ".join(f'"{file.path}": "{file.sha256}"' for file in files)
    return (*files, Artifact("stackproof.lock", f'{{"files": {{{digests}}}}}\n'))


def test_new_files_are_created_and_twice_is_once(tmp_path: Path) -> None:
    wanted = artifacts(Dockerfile="FROM x\n", deploy__a="1\n")
    first = write(tmp_path, wanted)
    assert first.created == ("Dockerfile", "deploy/a", "stackproof.lock")
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    second = write(tmp_path, wanted)
    assert (second.created, second.updated, second.removed) == ((), (), ())
    assert second.unchanged == first.created
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


def test_our_own_older_file_is_replaced(tmp_path: Path) -> None:
    write(tmp_path, artifacts(a="1\n", b="1\n"))
    done = write(tmp_path, artifacts(a="2\n", b="1\n"))
    assert (done.updated, done.unchanged) == (("a", "stackproof.lock"), ("b",))
    assert (tmp_path / "a").read_text() == "2\n"


def test_what_is_rendered_no_more_goes_away(tmp_path: Path) -> None:
    write(tmp_path, artifacts(a="1\n", b="1\n", c="1\n"))
    (tmp_path / "c").write_text("mine\n")
    (tmp_path / "gone").mkdir()
    done = write(tmp_path, artifacts(a="1\n"))
    assert done.removed == ("b",)
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == ["a", "c", "stackproof.lock"]


@pytest.mark.parametrize("ours", [True, False])
def test_what_somebody_else_wrote_is_refused_before_anything_is_written(tmp_path: Path, ours: bool) -> None:
    if ours:
        write(tmp_path, artifacts(a="1\n", b="1\n"))
    (tmp_path / "b").write_text("mine\n")
    before = {path: path.read_text() for path in tmp_path.iterdir()}
    with pytest.raises(UserError) as refused:
        write(tmp_path, artifacts(a="2\n", b="2\n"))
    assert "b is not as stackproof wrote it:" in str(refused.value)
    assert "-mine\n+2" in str(refused.value)
    assert "--force" in refused.value.fix
    assert refused.value.exit_code is Exit.USER
    assert {path: path.read_text() for path in tmp_path.iterdir()} == before


def test_a_long_difference_is_cut(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("mine\n" * 100)
    with pytest.raises(UserError) as refused:
        write(tmp_path, artifacts(a="1\n"))
    assert str(refused.value).endswith("more lines: --diff shows all")


def test_a_file_that_is_already_right_is_no_conflict(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("1\n")
    assert write(tmp_path, artifacts(a="1\n")).unchanged == ("a",)


def test_force_keeps_what_it_replaces(tmp_path: Path) -> None:
    for mine in ("first\n", "second\n"):
        (tmp_path / "a").unlink(missing_ok=True)
        (tmp_path / "a").write_text(mine)
        done = write(tmp_path, artifacts(a="1\n"), force=True)
    assert done.kept == ("a.orig1",)
    assert [(tmp_path / name).read_text() for name in ("a", "a.orig", "a.orig1")] == ["1\n", "first\n", "second\n"]


def test_compare_says_what_writing_would_change(tmp_path: Path) -> None:
    write(tmp_path, artifacts(a="1\n", b="1\n", c="1\n"))
    (tmp_path / "b").write_text("mine\n")
    found = compare(tmp_path, artifacts(a="2\n", b="2\n", d="1\n"))
    assert [(each.path, each.kind, each.ours) for each in found] == [
        ("a", "changed", True),
        ("b", "changed", False),
        ("d", "missing", True),
        ("stackproof.lock", "changed", True),
        ("c", "left over", True),
    ]
    assert found[0].diff == "--- a (on disk)\n+++ a (rendered)\n@@ -1 +1 @@\n-1\n+2"
    assert compare(tmp_path, ()) != ()
    assert compare(tmp_path / "nothing", ()) == ()


@pytest.mark.parametrize(
    "text", ["{", "[]", '{"files": 1}', '{"files": {"a": 1}}', "\ufffd", "[" * 9999, '{"files": {"\\u0000": ""}}']
)
def test_a_broken_lock_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "stackproof.lock").write_text(text)
    with pytest.raises(UserError, match=r"stackproof.lock cannot be read: "):
        write(tmp_path, artifacts(a="1\n"))
    assert not (tmp_path / "a").exists()


def test_links_that_lead_elsewhere_are_refused(tmp_path: Path) -> None:
    project, outside = tmp_path / "project", tmp_path / "outside"
    project.mkdir()
    outside.mkdir()
    (project / "deploy").symlink_to(outside)
    (project / "a").symlink_to(outside / "a")
    with pytest.raises(UserError, match="deploy/a would be written outside of the project"):
        write(project, artifacts(deploy__a="1\n"))
    with pytest.raises(UserError, match="a is a symbolic link"):
        write(project, artifacts(a="1\n"), force=True)
    assert not list(outside.iterdir())


def test_a_lock_cannot_have_other_files_removed(tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    victim = tmp_path / "victim"
    victim.write_text("1\n")
    digest = Artifact("", "1\n").sha256
    (project / "stackproof.lock").write_text(f'{{"files": {{"../victim": "{digest}"}}}}')
    with pytest.raises(UserError, match="names a file outside of the project"):
        write(project, artifacts(a="1\n"))
    assert victim.exists()


def test_a_link_loop_is_refused(tmp_path: Path) -> None:
    (tmp_path / "deploy").symlink_to(tmp_path / "deploy")
    with pytest.raises(UserError, match="deploy/a cannot be read: Too many levels of symbolic links"):
        write(tmp_path, artifacts(deploy__a="1\n"))


def test_folders_and_files_in_each_others_place(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    with pytest.raises(UserError, match="a is a folder"):
        write(tmp_path, artifacts(a="1\n"))
    (tmp_path / "b").write_text("")
    with pytest.raises(ToolFailed, match="b/c could not be written"):
        write(tmp_path, artifacts(b__c="1\n"))


def test_no_project_folder(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="is no folder that can be read: No such file"):
        write(tmp_path / "none", artifacts(a="1\n"))


def test_two_at_once_are_refused(tmp_path: Path) -> None:
    folder = os.open(tmp_path, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        with pytest.raises(UserError, match="Another stackproof is writing"):
            write(tmp_path, artifacts(a="1\n"))
    finally:
        os.close(folder)
    assert write(tmp_path, artifacts(a="1\n")).created


def test_leftovers_of_a_killed_run_are_cleaned(tmp_path: Path) -> None:
    write(tmp_path, artifacts(a="1\n"))
    (tmp_path / ".a.stackproof-tmp").write_text("half")
    assert write(tmp_path, artifacts(a="1\n")).unchanged == ("a", "stackproof.lock")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "stackproof.lock"]


def _run(folder: Path, prepare: str) -> subprocess.CompletedProcess[str]:
    program = PROGRAM.format(prepare=prepare)
    return subprocess.run((sys.executable, "-c", program, str(folder)), capture_output=True, text=True, check=False)


def test_a_full_disk_changes_nothing(tmp_path: Path) -> None:
    """The kernel's limit on a file's size stands for a disk without room."""
    (tmp_path / "small").write_text("new")
    limit = "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))"
    done = _run(tmp_path, limit)
    assert done.returncode == Exit.TOOL
    assert done.stdout.startswith("big could not be written: File too large | Make room")
    assert [path.name for path in tmp_path.iterdir()] == ["small"]


def test_killed_in_the_middle_every_file_is_whole(tmp_path: Path) -> None:
    """The limit's signal kills the program while it writes the second file."""
    (tmp_path / "small").write_text("new")
    limit = "signal.signal(signal.SIGXFSZ, signal.SIG_DFL); resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))"
    done = _run(tmp_path, limit)
    assert done.returncode == -signal.SIGXFSZ
    assert (tmp_path / "small").read_text() == "new"
    assert not (tmp_path / "big").exists()
    assert _run(tmp_path, "").returncode == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["big", "small"]


def test_a_copy_that_cannot_be_kept_stops_everything(tmp_path: Path) -> None:
    long = "n" * 255
    (tmp_path / long).write_text("mine\n")
    with pytest.raises(ToolFailed, match="could not be written: File name too long"):
        write(tmp_path, (Artifact(long, "1\n"),), force=True)
    assert (tmp_path / long).read_text() == "mine\n"

"""A folder becomes a source tree: what git tracks, else all but tools' folders; and never what lies outside."""

import subprocess
from pathlib import Path

import pytest

from stackproof.errors import UserError
from stackproof.tools import disk


def _put(root: Path, **files: str) -> None:
    for name, text in files.items():
        path = root / name.replace("__", "/").replace("_py", ".py").replace("_toml", ".toml")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def _git(root: Path, *words: str) -> None:
    git = ("git", "-c", "user.name=test", "-c", "user.email=test@localhost", "-C", str(root))
    subprocess.run((*git, *words), check=True, capture_output=True)


def test_a_plain_folder_is_read_without_tools_folders(tmp_path: Path) -> None:
    _put(tmp_path, app_py="x = 1", node_modules__a_py="", venv__b_py="")
    (tmp_path / "logo.png").write_bytes(b"\x89PNG")
    tree = disk.read(tmp_path)
    assert dict(tree.files) == {"app.py": b"x = 1"}
    assert "logo.png" in tree.others
    assert tree.origin == "folder: not a git checkout"


def test_a_front_end_is_read_without_what_was_installed_or_built(tmp_path: Path) -> None:
    files = ("package.json", "app/page.tsx", "next.config.mjs", ".npmrc", ".nvmrc", "App.vue")
    for name in (*files, "node_modules/next/package.json", ".next/server/page.js", "public/logo.png"):
        (tmp_path / "web" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "web" / name).write_text("{}")
    tree = disk.read(tmp_path)
    assert sorted(tree.files) == sorted(f"web/{name}" for name in files)
    assert tree.others == {"web/public/logo.png"}


def test_of_a_checkout_only_tracked_files_count(tmp_path: Path) -> None:
    _put(tmp_path, app_py="x = 1", new_py="", gone_py="")
    _git(tmp_path, "init", "-q")
    _git(tmp_path, "add", "app.py", "gone.py")
    (tmp_path / "gone.py").unlink()
    tree = disk.read(tmp_path)
    assert tree.paths == ("app.py",)
    assert tree.origin == "git: tracked files"


def test_settings_count_before_they_are_committed(tmp_path: Path) -> None:
    _put(tmp_path, app_py="", stackproof_toml="")
    _git(tmp_path, "init", "-q")
    _git(tmp_path, "add", "app.py")
    assert disk.read(tmp_path).paths == ("app.py", "stackproof.toml")


def test_a_checkout_that_tracks_nothing_is_read_as_a_folder(tmp_path: Path) -> None:
    _put(tmp_path, app_py="")
    _git(tmp_path, "init", "-q")
    assert disk.read(tmp_path).paths == ("app.py",)


def test_a_project_inside_a_checkout_is_read_by_itself(tmp_path: Path) -> None:
    _put(tmp_path, shop__app_py="", other__app_py="")
    _git(tmp_path, "init", "-q")
    _git(tmp_path, "add", ".")
    assert disk.read(tmp_path / "shop").paths == ("app.py",)


def test_the_commit_and_what_differs_from_it(tmp_path: Path) -> None:
    _put(tmp_path, app_py="x = 1")
    assert disk.commit(tmp_path) is None
    _git(tmp_path, "init", "-q")
    _git(tmp_path, "add", ".")
    assert disk.commit(tmp_path) is None
    _git(tmp_path, "commit", "-q", "-m", "first")
    clean = disk.commit(tmp_path)
    assert clean
    assert len(clean) == 12
    _put(tmp_path, app_py="x = 2")
    assert disk.commit(tmp_path) == f"{clean} with 1 changed files"


@pytest.mark.parametrize(("target", "words"), [("/etc/hostname", "out of the project"), ("link.py", "in a loop")])
def test_a_link_that_no_clone_can_follow_is_refused(target: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "link.py").symlink_to(target)
    with pytest.raises(UserError, match=f"link.py: a symbolic link.*{words}"):
        disk.read(tmp_path)


def test_a_link_inside_the_project_is_a_file(tmp_path: Path) -> None:
    _put(tmp_path, app_py="x = 1")
    (tmp_path / "again.py").symlink_to("app.py")
    assert disk.read(tmp_path).files["again.py"] == b"x = 1"


def test_large_files_are_data(tmp_path: Path) -> None:
    (tmp_path / "data.json").write_bytes(b" " * (1 << 20) + b" ")
    (tmp_path / "poetry.lock").write_bytes(b" " * (1 << 20) + b" ")
    tree = disk.read(tmp_path)
    assert (set(tree.files), set(tree.others)) == ({"poetry.lock"}, {"data.json"})


def test_no_folder_no_tree(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no such folder"):
        disk.read(tmp_path / "nowhere")


def test_a_tree_is_copied_with_what_was_not_read_and_with_modes(tmp_path: Path) -> None:
    source, to = tmp_path / "from", tmp_path / "to"
    _put(source, app_py="x = 1", bin__run_py="")
    (source / "logo.png").write_bytes(b"\x89PNG")
    (source / "bin" / "run.py").chmod(0o755)
    disk.copy(disk.read(source), source, to)
    assert (to / "app.py").read_text() == "x = 1"
    assert (to / "logo.png").read_bytes() == b"\x89PNG"
    assert (to / "bin" / "run.py").stat().st_mode & 0o777 == 0o755


def test_secrets_are_never_read(tmp_path: Path) -> None:
    _put(tmp_path, app_py="x = 1", deploy__secrets__dev__password="s3cret", deploy__health__probe_py="")
    assert disk.read(tmp_path).paths == ("app.py", "deploy/health/probe.py")

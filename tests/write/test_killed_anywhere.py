"""Killed before any one of its operations on the disk: every file is whole, and the next run is not in doubt."""

import subprocess
import sys
from pathlib import Path

from stackproof.model.artifacts import Artifact

# Writes version 2 over version 1 again and again, killed before operation 1, 2, 3, ... until one run is not killed.
_SCRIPT = """
import os, shutil, signal, sys
from itertools import count
from pathlib import Path
from stackproof.write import write
from tests.write.test_killed_anywhere import version

home, force = Path(sys.argv[1]), bool(sys.argv[2])

def killed_before(root, number):
    child = os.fork()
    if child == 0:
        left = iter(range(number))
        def hook(event, arguments):
            if event in ("open", "os.rename", "os.remove", "os.mkdir", "os.link") and next(left, None) is None:
                os.kill(os.getpid(), signal.SIGKILL)
        sys.addaudithook(hook)
        write(root, version(2), force=force)
        os._exit(0)
    return os.waitpid(child, 0)[1] == signal.SIGKILL

for number in count(1):
    root = home / str(number)
    root.mkdir()
    write(root, version(1))
    if force:
        (root / "deploy/b").write_text("mine")
    killed = killed_before(root, number)
    texts = {path: (root / path).read_text() for path in ("a", "deploy/b", "stackproof.lock")}
    for path, text in texts.items():
        assert text in ("mine", *(each.text for n in (1, 2) for each in version(n) if each.path == path)), number
    assert not killed or not force or "mine" in [path.read_text() for path in (root / "deploy").iterdir()]
    write(root, version(3), force=force)  # another version by now: what the killed run wrote is known as ours
    assert not [path for path in root.rglob("*") if path.name.endswith("-tmp")], number
    assert [(root / each.path).read_text() for each in version(3)] == [each.text for each in version(3)]
    assert force or not list(root.rglob("*.orig*")), number
    if not killed:
        print(number)
        break
"""


def version(number: int) -> tuple[Artifact, ...]:
    """Three files; the last one leaves with version 2."""
    files = [Artifact("a", f"{number}\n"), Artifact("deploy/b", f"{number}\n" * 1000)]
    files += [Artifact("gone", "1\n")] if number == 1 else [Artifact(f"new/{number}", "")]
    digests = ", ".join(f'"{each.path}": "{each.sha256}"' for each in files)
    return (*files, Artifact("stackproof.lock", f'{{"files": {{{digests}}}}}'))


def test_every_file_is_whole_and_ours(tmp_path: Path) -> None:
    assert _kills(tmp_path, force=False) > 15


def test_a_file_of_the_users_is_never_lost(tmp_path: Path) -> None:
    assert _kills(tmp_path, force=True) > 15


def _kills(home: Path, *, force: bool) -> int:
    argv = (sys.executable, "-c", _SCRIPT, str(home), "yes" * force)
    repository = Path(__file__).parents[2]
    done = subprocess.run(argv, cwd=repository, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return int(done.stdout)

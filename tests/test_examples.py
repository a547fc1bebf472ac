"""Each example is what it says: one page, no container files, settings that are understood, locks without hosts."""

import json
import re
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from stackproof import pipeline
from stackproof.errors import UserError
from stackproof.model.stack import ENVIRONMENTS
from tests.render.golden import EXAMPLES, NAMES

REPOSITORY = EXAMPLES.parent
_PAGE = 120  # lines
_CONTAINER_FILE = re.compile(
    r"(^|/)([^/]*Dockerfile[^/]*|\.dockerignore|(docker-)?compose[^/]*\.ya?ml|deploy/.*)$", re.I
)
_LOCK = re.compile(r"(^|/)(package-lock\.json|poetry\.lock|requirements[^/]*\.(txt|lock)|\.npmrc)$")
_ELSEWHERE = re.compile(r"://|^\s*(-i|-f|--(extra-)?index-url|--find-links|registry)\b", re.M)


@cache
def committed() -> tuple[str, ...]:
    """What is in version control: a project that was tried out has rendered files beside its own."""
    listed = subprocess.run(("git", "ls-files", "-z"), cwd=REPOSITORY, capture_output=True, text=True, check=False)
    if listed.returncode != 0:
        pytest.skip(f"git does not list the files: {listed.stderr.strip()}")
    return tuple(name for name in listed.stdout.split("\0") if (REPOSITORY / name).is_file())


def container_files(names: tuple[str, ...]) -> list[str]:
    return [name for name in names if _CONTAINER_FILE.search(name)]


def hosts(name: str, text: str) -> list[str]:
    """Packages of a lock that say from which server they come."""
    if not name.endswith("package-lock.json"):
        return [found[0] for found in _ELSEWHERE.finditer(text)]
    packages: dict[str, dict[str, Any]] = json.loads(text)["packages"]
    return [package for package, said in packages.items() if "resolved" in said and not said.get("link")]


@pytest.mark.parametrize("name", NAMES)
def test_its_readme_is_one_page_that_says_how_to_start_it(name: str) -> None:
    lines = (EXAMPLES / name / "README.md").read_text("utf-8").splitlines()
    assert len(lines) < _PAGE
    assert f"stackproof up examples/{name}" in "\n".join(lines)


@pytest.mark.parametrize("name", NAMES)
def test_it_has_no_container_files(name: str) -> None:
    here = tuple(file for file in committed() if file.startswith(f"examples/{name}/"))
    assert len(here) > 1
    assert not container_files(here)


@pytest.mark.parametrize("name", NAMES)
def test_every_key_of_its_settings_is_known(name: str, tmp_path: Path) -> None:
    settings = EXAMPLES / name / "stackproof.toml"
    assert tuple(pipeline.plan(settings.parent).stacks) == ENVIRONMENTS
    (tmp_path / settings.name).write_text(f"unheard_of = 1\n{settings.read_text('utf-8')}")
    with pytest.raises(UserError, match="unheard_of"):
        pipeline.plan(tmp_path)


def test_no_lock_names_a_host() -> None:
    locks = [name for name in committed() if _LOCK.search(name)]
    assert len(locks) > len(NAMES)
    assert {name: found for name in locks if (found := hosts(name, (REPOSITORY / name).read_text("utf-8")))} == {}


def test_there_is_no_lock_that_always_names_one() -> None:
    assert not [name for name in committed() if Path(name).name in ("uv.lock", "yarn.lock", "pnpm-lock.yaml")]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("requirements.txt", "--index-url https://example.org/simple\na==1\n"),
        ("requirements.txt", "a @ https://example.org/a.whl\n"),
        (".npmrc", "registry=x\n"),
        ("poetry.lock", '[package.source]\nurl = "https://example.org"\n'),
        ("package-lock.json", '{"packages": {"a": {"resolved": "https://example.org/a.tgz"}}}'),
    ],
)
def test_a_host_is_seen(name: str, text: str) -> None:
    assert _LOCK.search(name)
    assert hosts(name, text)


@pytest.mark.parametrize(
    "name",
    ["Dockerfile", "a/Dockerfile.dev", "compose.yaml", "docker-compose.override.yml", "a/.dockerignore", "deploy/x"],
)
def test_a_container_file_is_seen(name: str) -> None:
    assert container_files((name,)) == [name]

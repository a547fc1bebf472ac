"""The install: groups, extras, what no file says in a form that uv reads, and what the reader must know."""

from dataclasses import replace

import pytest

from stackproof.errors import UserError
from stackproof.model.facts import Installer, OwnMetadata, Requirement, Unmet
from stackproof.model.source import Place
from stackproof.model.stack import EnvironmentName, Install
from tests.plan.small import ASGI, READY, ROOT, asks, given, locked, stack

HERE = Place("pyproject.toml", 4)
UV = Installer("uv", "pyproject.toml", "uv.lock", None, ("dev",), HERE, kept=("web",))
POETRY = Installer("poetry", "pyproject.toml", None, None, ("dev",), HERE, listed=True)
PG = Unmet("asyncpg", "asyncpg", ("extra:pg",), HERE)


def install(*facts: Installer | Unmet | Requirement, said: str = "", environment: EnvironmentName = "prod") -> Install:
    return stack(*facts, ROOT, ASGI, READY, said=said, environment=environment).build.install


def wants(name: str, specifier: str = "", group: str = "", **more: str) -> Requirement:
    return Requirement(name, specifier, group, (), HERE, **more)


def test_groups() -> None:
    assert (install(UV).groups, install(UV).left_out_groups) == (("web",), ("dev",))
    assert install(UV, environment="dev").groups == ("web", "dev")
    assert install(UV, said='groups = ["dev"]').left_out_groups == ()
    assert given(UV).installs("web")
    assert not given(UV).installs("dev")


def test_an_extra_that_the_code_needs_is_taken_and_said() -> None:
    assert install(UV, PG).extras == ("pg",)
    assert install(UV, PG, said='extras = ["reports"]').extras == ("reports",)
    notes = {note.about: note for note in stack(UV, PG, ROOT, ASGI, READY).notes}
    assert notes["extra"].setting == 'extras = ["pg"]'
    assert given(UV, PG, asks("asyncpg", "extra:pg")).installed("asyncpg")


@pytest.mark.parametrize(
    ("groups", "said"),
    [((), "no dependency does name pyyaml"), (("dev",), "only the group dev does name pyyaml")],
)
def test_what_is_missing_is_named(groups: tuple[str, ...], said: str) -> None:
    notes = stack(UV, Unmet("yaml", "pyyaml", groups, HERE), ROOT, ASGI, READY).notes
    (note,) = [note for note in notes if note.about == "missing package"]
    assert said in note.because
    assert (note.setting, note.seen) == ('add it to the dependencies, or packages = ["pyyaml"]', HERE)


def test_packages_of_the_settings_are_installed_too() -> None:
    assert install(UV, said='packages = ["pyyaml>=6"]').extra[-1] == "pyyaml>=6"


def test_what_uv_cannot_read_is_handed_over() -> None:
    facts = (
        wants("flask", ">=3,<4"),
        Requirement("redis", "", "", ("hiredis",), HERE, marker="sys_platform == 'linux'"),
        wants("tool", url="git+https://git.example.org/tool.git@v1"),
        wants("money", url="libs/money"),
        wants("pytest", group="dev"),
    )
    made = install(POETRY, *facts)
    assert made.listed == (
        "flask>=3,<4",
        "redis[hiredis] ; sys_platform == 'linux'",
        "tool @ git+https://git.example.org/tool.git@v1",
    )
    assert made.inputs == ()
    assert install(POETRY, *facts, environment="dev").listed[-1] == "pytest"


def test_groups_of_a_manifest_without_lock_are_handed_over_beside_it() -> None:
    bare = Installer("pip", "pyproject.toml", None, None, ("dev",), HERE)
    made = install(bare, wants("flask"), wants("pytest", group="dev"), environment="dev")
    assert (made.files, made.listed, made.inputs) == (("pyproject.toml",), ("pytest",), ("pyproject.toml",))


@pytest.mark.parametrize(
    ("installer", "way"),
    [
        (POETRY, "poetry lock"),
        (replace(POETRY, tool="pipenv", manifest="Pipfile"), "pipenv lock"),
        (replace(UV, lock=None), "uv lock, or uv pip compile"),
    ],
)
def test_what_nothing_pins_is_said(installer: Installer, way: str) -> None:
    (note,) = [note for note in stack(installer, ROOT, ASGI, READY).notes if note.about == "lock"]
    assert note.setting == way


def test_a_lock_that_lacks_what_the_manifest_asks_for_is_said() -> None:
    pinned = replace(locked("flask", "3"), seen=Place("uv.lock", 3))
    asked = (wants("flask"), wants("redis"), wants("colorama", marker="x"), wants("pytest", group="dev"))
    (note,) = [note for note in stack(UV, pinned, *asked, ROOT, ASGI, READY).notes if note.about == "lock"]
    assert note.because.startswith("uv.lock pins no redis")


@pytest.mark.parametrize(
    ("specifier", "version", "said"),
    [
        (">=3", "2.9", "uv.lock pins flask 2.9, and the manifest asks for >=3"),
        (">=3", "3.1", ""),
        (">=3", "3.0rc1", ""),
        ("one", "3.1", ""),
    ],
)
def test_a_lock_that_pins_what_the_manifest_does_not_allow_is_said(specifier: str, version: str, said: str) -> None:
    pinned = replace(locked("flask", version), seen=Place("uv.lock", 3))
    notes = stack(UV, pinned, wants("flask", specifier), ROOT, ASGI, READY).notes
    assert [note.because.partition(":")[0] for note in notes if note.about == "lock"] == ([said] if said else [])


def test_a_local_folder_without_manifest_is_said() -> None:
    notes = stack(replace(UV, local=("", "libs/x/pyproject.toml")), ROOT, ASGI, READY).notes
    assert "local folder" in [note.about for note in notes]


def test_the_server_of_a_group_for_development_is_installed_in_its_locked_release() -> None:
    pinned = replace(locked("uvicorn", "0.40.0"), seen=Place("uv.lock", 3))
    assert install(UV, asks("uvicorn", "dev")).extra == ("uvicorn==0.54.0",)
    made = stack(UV, pinned, asks("uvicorn", "dev"), ROOT, ASGI, READY)
    assert made.build.install.extra == ("uvicorn==0.40.0",)
    assert "in the group dev alone" in next(note.because for note in made.notes if note.about == "package")


def test_the_lock_that_is_installed_from_says_the_version() -> None:
    other = replace(locked("flask", "1"), seen=Place("poetry.lock", 3))
    mine = replace(locked("flask", "3"), seen=Place("uv.lock", 3))
    assert given(UV, other, mine).version("flask") == "3"
    assert given(UV, other).version("flask") == "1"


@pytest.mark.parametrize(
    "said", ['extras = ["a b"]', 'groups = ["$(x)"]', 'system_packages = ["A"]', 'build_packages = ["x; y"]']
)
def test_names_that_are_none_are_refused(said: str) -> None:
    with pytest.raises(UserError, match="needed are names"):
        install(UV, said=said)


def test_a_project_whose_code_asks_for_its_own_version_says_it() -> None:
    asked = OwnMetadata("My.Shop", "1.2", HERE)
    assert stack(UV, asked, ROOT, ASGI, READY).build.metadata == ("My.Shop", "1.2")
    unknown = stack(UV, replace(asked, version=""), ROOT, ASGI, READY)
    assert unknown.build.metadata is None
    assert [note.seen for note in unknown.notes if note.about == "own version"] == [HERE]

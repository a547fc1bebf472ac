"""The commands that install a project's lock."""

from dataclasses import replace
from pathlib import Path

from stackproof.model.stack import Install
from stackproof.run.process.install import Paths, commands

PATHS = Paths("uv", "/usr/bin/python3.11", Path("/venv"), Path("/inputs"))
POETRY = Install("poetry", "pyproject.toml", "poetry.lock", "2.5.1", ("dev",))


def words(install: Install, hashed: bool = False) -> list[str]:
    return [" ".join(argv) for argv in commands(install, PATHS, hashed)]


def test_every_recipe_begins_with_an_environment_outside_the_project() -> None:
    assert words(POETRY)[0] == "uv venv --clear --no-project --python /usr/bin/python3.11 /venv"


def test_poetry_exports_its_own_lock_with_the_version_that_made_it() -> None:
    _, export, install = words(POETRY)
    assert "--from poetry==2.5.1 --with poetry-plugin-export" in export
    assert export.endswith("poetry export --no-interaction --output /inputs/exported.txt --without dev")
    assert install.endswith("--require-hashes --no-deps -r /inputs/exported.txt")


def test_poetry_takes_all_groups_where_none_is_left_out() -> None:
    assert words(replace(POETRY, left_out_groups=()))[1].endswith("--all-groups")


def test_uv_syncs_its_lock_without_the_project() -> None:
    sync = words(Install("uv", "pyproject.toml", "uv.lock", None, ("dev", "docs")))[1]
    assert sync.startswith("uv sync --locked --no-install-project")
    assert sync.endswith("--no-group dev --no-group docs")


def test_pip_demands_hashes_where_there_are_any() -> None:
    install = Install("pip", "requirements.in", "requirements.txt", None, ())
    assert words(install)[1].endswith("/venv/bin/python -r requirements.txt")
    assert words(install, hashed=True)[1].endswith("--require-hashes -r requirements.txt")
    assert words(replace(install, lock=None))[1].endswith("-r requirements.in")


def test_what_only_the_start_needs_comes_last() -> None:
    assert words(replace(POETRY, extra=("gunicorn==23.0.0",)))[-1].endswith("/venv/bin/python gunicorn==23.0.0")


PDM = Install("pdm", "api/pyproject.toml", "api/pdm.lock", "2.29.3", ("dev",))
PIPENV = Install("pipenv", "Pipfile", "Pipfile.lock", "2026.10.3", ("dev",))


def test_pdm_exports_where_its_project_lies() -> None:
    _, export, install = words(PDM)
    assert "tool run --directory /inputs/api --from pdm==2.29.3 pdm export --prod" in export
    assert install.endswith("--require-hashes --no-deps -r /inputs/exported.txt")


def test_what_comes_from_a_repository_has_no_hash_to_demand() -> None:
    assert "--require-hashes" not in words(replace(PIPENV, vcs=True))[2]
    assert words(PIPENV)[1].endswith("pipenv requirements --hash --categories packages")


def test_uv_makes_a_lock_where_there_is_none_and_finds_local_folders() -> None:
    install = Install("uv", "api/pyproject.toml", None, None, ("dev",), groups=("web",), extras=("pg",))
    sync = words(replace(install, local=("libs/x/pyproject.toml",)))[1]
    assert "--locked" not in sync
    assert "--no-install-local" in sync
    assert "--project api" in sync
    assert sync.endswith("--no-group dev --group web --extra pg")


def test_what_no_file_says_is_handed_over_with_constraints() -> None:
    install = Install("pip", "setup.cfg", None, None, (), listed=("flask>=3",), constraints=("werkzeug<3",))
    assert words(install)[1].endswith("/venv/bin/python -c stackproof-constraints.txt flask>=3")
    more = replace(install, listed=(), files=("a.txt", "b.txt"), local=("", "setup.py"), constraints=())
    assert words(more)[1].endswith("-r a.txt -r b.txt -r setup.py")

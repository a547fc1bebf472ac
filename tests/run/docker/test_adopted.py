"""The copy of a stack that somebody else wrote, as the engine is given it."""

from dataclasses import replace
from pathlib import Path

from stackproof.model.running import Site
from stackproof.model.stack import Adopted
from stackproof.run.docker import compose, project, state
from tests.engine.tiny import stack

ADOPTED = replace(stack("shop", 8000), adopted=Adopted(("docker-compose.yml",), "{}", '{"name": "x"}'))


def test_it_lies_in_the_state_folder_for_its_owner_alone(tmp_path: Path) -> None:
    site = Site(tmp_path, tmp_path / "state")
    file = project.compose_file(ADOPTED, site)
    state.write_text(site, file.name, '{"name": "x"}', mode=0o600)
    assert file == tmp_path / "state" / "compose.json"
    assert file.read_text() == '{"name": "x"}'
    assert file.stat().st_mode & 0o777 == 0o600


def test_paths_in_it_are_those_of_the_project(tmp_path: Path) -> None:
    words = compose.arguments(ADOPTED, Site(tmp_path, tmp_path / "state"), frozenset())
    assert words[words.index("--project-directory") + 1] == str(tmp_path)
    assert words[words.index("--env-file") + 1] == "/dev/null"


def test_a_port_in_use_is_said_with_the_file_that_names_it() -> None:
    assert "`ports` of web in docker-compose.yml" in compose.port_in_use(ADOPTED, 8000, "127.0.0.1").fix
    assert "stackproof.toml" in compose.port_in_use(replace(ADOPTED, adopted=None), 8000, "127.0.0.1").fix

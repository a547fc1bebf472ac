"""Builds of Dockerfiles that somebody else wrote."""

from pathlib import Path

from stackproof.build.docker import build
from stackproof.model.stack import GivenBuild
from tests.prove.fakes import STACK

GIVEN = GivenBuild(
    "api", "app", "docker/api.Dockerfile", "python:3.13", "python", target="run", arguments=(("TAG", "1"),),
    contexts=(("base", "docker-image://python"), ("common", "common")),
)  # fmt: skip


def _order(root: Path, text: str | None = None, given: GivenBuild = GIVEN) -> build.Order:
    return build.order(root, STACK, given, tag="x:1", cold=False, text=text, variables={"MORE": "2"})


def test_it_is_built_as_its_compose_file_says(tmp_path: Path) -> None:
    order = _order(tmp_path)
    words = build.arguments(order, None)
    assert words[-1] == str(tmp_path / "app")
    assert order.variables == {"TAG": "1", "MORE": "2"}
    assert " ".join(words).count("--build-arg") == 2
    contexts = [words[at + 1] for at, word in enumerate(words) if word == "--build-context"]
    assert contexts == ["base=docker-image://python", f"common={tmp_path / 'common'}"]
    assert words[words.index("--target") + 1] == "run"
    assert "--target" not in build.arguments(
        _order(tmp_path, given=GivenBuild("a", "", "Dockerfile", "x", "other")), None
    )


def test_its_own_ignore_file_is_read_beside_it(tmp_path: Path) -> None:
    """BuildKit looks for NAME.dockerignore beside a Dockerfile, never beside standard input."""
    (tmp_path / "docker").mkdir()
    (tmp_path / "scratch").mkdir()
    (tmp_path / "docker" / "api.Dockerfile").write_text("FROM scratch\n")
    assert build._beside_ignored(_order(tmp_path), tmp_path / "scratch") is None
    (tmp_path / "docker" / "api.Dockerfile.dockerignore").write_text(".env\n")
    file = build._beside_ignored(_order(tmp_path), tmp_path / "scratch")
    assert file is not None
    assert file.read_text() == "FROM scratch\n"
    assert file.with_name("Dockerfile.dockerignore").read_text() == ".env\n"
    assert str(file) in build.arguments(_order(tmp_path), None, file)


def test_a_dockerfile_in_the_compose_file_is_taken_as_it_stands(tmp_path: Path) -> None:
    inline = GivenBuild("a", "", "compose.yaml", "x", "other", text="FROM scratch\n")
    assert _order(tmp_path, given=inline).text == "FROM scratch\n"
    assert _order(tmp_path, "FROM other\n", inline).text == "FROM other\n"

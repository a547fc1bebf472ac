"""The images that a Compose file has built."""

import pytest

from stackproof.adopt import builds
from stackproof.adopt.dockerfile import load as dockerfile
from stackproof.errors import UserError
from tests.adopt.given import PYTHON, composition, stack

STAGES = "ARG TAG=3.13\nFROM python:$TAG AS app\nWORKDIR /srv\nFROM node:24 AS page\n"


def test_services_of_the_same_build_share_an_image() -> None:
    same = {"context": "app", "target": "app", "args": {"TAG": "3.12"}}
    given = composition(
        page={"build": {"context": "app", "target": "page"}}, api={"build": same}, worker={"build": dict(same)}
    )
    made = stack(given, file=STAGES)
    assert made.adopted is not None
    assert [(each.name, each.software, each.target) for each in made.adopted.builds] == [
        ("api", "python", "app"), ("page", "node", "page"),
    ]  # fmt: skip
    python = made.adopted.builds[0]
    assert (python.context, python.dockerfile, python.work_dir) == ("app", "Dockerfile", "/srv")
    assert python.arguments == (("TAG", "3.12"),)
    assert [tag for tag, _ in made.images()] == ["shop-adopted-api:prod", "shop-adopted-page:prod"]
    assert made.service("worker").image == made.service("api").image
    assert made.python_build == python


def test_where_a_dockerfile_lies_and_what_is_inline() -> None:
    given = composition(
        a={"build": {"context": ".", "dockerfile": "docker/a.Dockerfile"}},
        b={"build": {"context": "b", "dockerfile_inline": "FROM python\n"}},
        c={"image": "x"},
    )
    assert builds.wanted(given) == {"a": ("", "docker/a.Dockerfile"), "b": ("b", "")}
    assert builds.inline_texts(given) == {"b": "FROM python\n"}
    made = builds.made(given, {"a": dockerfile(PYTHON, "docker/a.Dockerfile"), "b": dockerfile("FROM python", "x")})
    assert made["b"].build.text == "FROM python\n"
    assert made["b"].build.work_dir == "/"


def test_further_contexts() -> None:
    contexts = {"base": "docker-image://python", "common": "./common", "all": "."}
    made = builds.made(
        composition(a={"build": {"context": "a", "additional_contexts": contexts}}), {"a": dockerfile(PYTHON, "x")}
    )
    assert made["a"].build.contexts == (("base", "docker-image://python"), ("common", "common"), ("all", "."))


@pytest.mark.parametrize(
    ("build", "words"),
    [
        ({"context": "../other"}, "lies outside"),
        ({"context": "https://example.org/x.git"}, "lies outside"),
        ({"context": ".", "ssh": ["default"]}, "needs ssh"),
    ],
)
def test_what_no_copy_of_the_project_has_is_refused(build: dict[str, object], words: str) -> None:
    with pytest.raises(UserError, match=words):
        builds.wanted(composition(a={"build": build}))


def test_a_dockerfile_or_a_stage_that_is_not_there() -> None:
    given = composition(a={"build": {"context": ".", "target": "nothing"}})
    with pytest.raises(UserError, match=r"compose\.yaml:.* Dockerfile: no such file"):
        builds.made(given, {})
    with pytest.raises(UserError, match="has no stage nothing"):
        builds.made(given, {"a": dockerfile(STAGES, "Dockerfile")})

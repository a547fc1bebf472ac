"""A whole load: document, lines, variables, files that were read, gaps."""

import json

import pytest

from stackproof.adopt.compose import default_files, load, refuse_gaps
from stackproof.errors import UserError
from stackproof.model.composition import Interpolated
from stackproof.model.source import Place, SourceTree
from tests.adopt.compose.loaded import loaded, refusal

SHOP = """\
services:
  web:
    build: ./app
    ports:
      - "127.0.0.1:8000:80"
    environment:
      A: ${A:-1}
      B: ${B:?say it}
    env_file: web.env
    depends_on: [db]
    profiles: [front]
  db:
    image: postgres:17
    volumes: [data:/var/lib/postgresql/data]
volumes:
  data:
"""
DOCUMENT = {
    "name": "shop",
    "networks": {"default": {"name": "shop_default"}},
    "services": {
        "db": {
            "image": "postgres:17",
            "networks": {"default": None},
            "volumes": [{"type": "volume", "source": "data", "target": "/var/lib/postgresql/data", "volume": {}}],
        },
        "web": {
            "build": {"context": "app", "dockerfile": "Dockerfile"},
            "depends_on": {"db": {"condition": "service_started", "required": True}},
            "env_file": [{"path": "web.env"}],
            "environment": {"A": "1", "B": "", "C": "3"},
            "networks": {"default": None},
            "ports": [
                {"mode": "ingress", "host_ip": "127.0.0.1", "target": 80, "published": "8000", "protocol": "tcp"}
            ],
            "profiles": ["front"],
        },
    },
    "volumes": {"data": {"name": "shop_data"}},
}


def test_the_document() -> None:
    found = loaded(SHOP, web_env="C=3\n")
    assert json.dumps(found.document, sort_keys=True) == json.dumps(DOCUMENT, sort_keys=True)
    assert (found.name, found.files, found.read) == ("shop", ("compose.yaml",), ("compose.yaml", "web.env"))


def test_lines() -> None:
    found = loaded(SHOP)
    assert found.at("services", "web", "ports", 0) == Place("compose.yaml", 5)
    assert found.at("services", "web", "environment", "B") == Place("compose.yaml", 8)
    assert found.at("services", "web", "depends_on", "db") == Place("compose.yaml", 10)
    assert found.at("volumes", "data") == Place("compose.yaml", 16)


def test_variables() -> None:
    assert loaded(SHOP, {"A": "5"}).variables == (
        Interpolated("A", "1", False, "5", Place("compose.yaml", 7)),
        Interpolated("B", None, True, None, Place("compose.yaml", 8)),
    )


def test_gaps_are_refused_where_it_matters() -> None:
    with pytest.raises(UserError, match=r"compose.yaml:8: needs the variable B"):
        refuse_gaps(loaded(SHOP))
    with pytest.raises(UserError, match=r"compose.yaml:9: web.env is not there"):
        refuse_gaps(loaded(SHOP, {"B": "1"}))
    refuse_gaps(loaded(SHOP, {"B": "1"}, web_env="C=3\n"))


def test_profiles_leave_out_other_services() -> None:
    tree = SourceTree({"compose.yaml": SHOP.encode()})
    assert set(load(tree, profiles=()).services()) == {"db"}
    assert set(load(tree, profiles=("front",)).services()) == {"web", "db"}
    assert set(load(tree, profiles=("*",)).services()) == {"web", "db"}


def test_no_service_at_all_with_profiles() -> None:
    assert load(SourceTree({"compose.yaml": b"name: x\n"}), profiles=()).services() == {}


def test_the_project_s_name() -> None:
    tree = SourceTree({"My Shop/compose.yaml": b"services: {}\n"}, name="other")
    assert load(tree, ("My Shop/compose.yaml",)).name == "myshop"
    assert load(tree, ("My Shop/compose.yaml",), project_name="Given").name == "given"
    assert load(SourceTree({"compose.yaml": b"services: {}\n"}, name="...")).name == "project"


def test_env_files_that_are_given() -> None:
    tree = SourceTree({"compose.yaml": b"name: $N\n", ".env": b"N=dot\n", "prod.env": b"N=prod\n"})
    assert load(tree, env_files=("prod.env",)).name == "prod"
    with pytest.raises(UserError, match=r"no.env is not among the project's files"):
        load(tree, env_files=("no.env",))


def test_default_files() -> None:
    tree = SourceTree({"docker-compose.yml": b"", "docker-compose.override.yml": b""})
    assert default_files(tree, {}) == ("docker-compose.yml", "docker-compose.override.yml")
    assert default_files(tree, {"COMPOSE_FILE": "a.yaml:./b.yaml"}) == ("a.yaml", "b.yaml")
    with pytest.raises(UserError, match="no Compose file"):
        default_files(SourceTree({}), {})


def test_files_outside_are_not_read() -> None:
    assert "lies outside the project" in refusal("include: [../../etc/passwd]\nservices: {}\n")
    assert "lies outside the project" in refusal("include: ['https://example.org/x.git']\nservices: {}\n")
    assert "lies outside" in refusal("services: {a: {extends: {file: /etc/x.yaml, service: b}}}\n")


def test_a_file_that_was_not_read() -> None:
    tree = SourceTree({}, frozenset({"compose.yaml"}))
    with pytest.raises(UserError, match="is no text file"):
        load(tree, ("compose.yaml",))


def test_hostile_text_stays_text() -> None:
    found = loaded('services: {a: {image: "$$(rm -rf /)", command: ["{{x}}", "a\\nb", "\\"\'"]}}\n').services()["a"]
    assert (found["image"], found["command"]) == ("$(rm -rf /)", ["{{x}}", "a\nb", "\"'"])

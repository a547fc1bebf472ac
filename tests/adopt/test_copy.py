"""The copy that the engine is given."""

import json
from typing import Any

from stackproof.adopt.copy import host_names
from stackproof.model.composition import Composition
from stackproof.model.stack import Stack
from tests.adopt.given import PYTHON, composition, document, proof, stack


def copy(made: Stack) -> dict[str, Any]:
    assert made.adopted is not None
    found: dict[str, Any] = json.loads(made.adopted.copy)
    return found


def test_nothing_in_it_bears_the_users_names() -> None:
    said = {"build": ".", "image": "shop", "container_name": "shop", "pull_policy": "build", "develop": {"watch": []}}
    content = {
        "name": "shop",
        "services": {"api": said, "worker": {"image": "shop"}, "cache": {"image": "redis", "pull_policy": "always"}},
        "networks": {
            "default": {"name": "shop_net", "ipam": {"config": [{"subnet": "10.1.0.0/24"}]}, "internal": True}
        },
    }
    found = copy(stack(document(content)))
    assert found["name"] == "shop-adopted-prod"
    assert found["services"]["api"]["image"] == found["services"]["worker"]["image"] == "shop-adopted-api:prod"
    assert not {"build", "container_name", "develop", "pull_policy"} & set(found["services"]["api"])
    assert found["services"]["cache"]["pull_policy"] == "always"
    assert found["networks"] == {"default": {"internal": True}}


def test_a_container_is_still_found_by_its_own_name() -> None:
    networks = {"back": {"aliases": ["store"], "ipv4_address": "10.1.0.5"}}
    given = document({
        "services": {"db": {"image": "postgres", "container_name": "shop-db", "networks": networks}},
        "networks": {"back": {}},
    })  # fmt: skip
    assert copy(stack(given))["services"]["db"]["networks"] == {"back": {"aliases": ["store", "shop-db"]}}
    assert host_names(given) == {"db": "db", "shop-db": "db", "store": "db"}


def test_the_network_that_compose_makes_is_there_and_none_for_a_network_mode() -> None:
    bare = Composition("x", ("compose.yaml",), (), {"services": {"a": {"image": "x"}}}, {})
    assert copy(stack(bare))["networks"] == {"default": {}}
    alone = copy(stack(composition(a={"image": "x", "network_mode": "none"})))
    assert "networks" not in alone["services"]["a"]


def test_files_of_the_project_are_named_from_its_folder_and_dollars_stay() -> None:
    content = {
        "services": {"api": {"image": "x", "volumes": ["./src:/src"], "command": ["echo", "$$HOME"],
                             "secrets": ["key"], "configs": ["conf"]}},
        "secrets": {"key": {"file": "./key.txt"}, "word": {"environment": "WORD"}},
        "configs": {"conf": {"file": "/etc/conf"}},
    }  # fmt: skip
    made = stack(document(content), more=("src/a.py",))
    found = copy(made)
    assert found["services"]["api"]["volumes"][0]["source"] == "./src"
    assert found["services"]["api"]["command"] == ["echo", "$$HOME"]
    assert found["secrets"]["key"] == {"file": "./key.txt"}
    assert found["secrets"]["word"]["environment"] == "WORD"
    assert found["configs"] == {"conf": {"file": "/etc/conf"}}
    assert made.services[0].secrets == ("key",)
    assert made.secrets == ()


def test_a_proof_makes_every_secret() -> None:
    content = {"services": {"api": {"image": "x", "secrets": ["key"]}}, "secrets": {"key": {"file": "./key.txt"}}}
    made = stack(document(content), proof())
    assert copy(made)["secrets"] == {"key": {"file": "./deploy/secrets/prod/key"}}
    assert [(each.name, each.kind) for each in made.secrets] == [("key", "given")]


def test_claims_read_the_files_as_seen_from_deploy() -> None:
    volumes = [".:/src", "data:/data", "/etc/x:/x:ro"]
    made = stack(composition(api={"build": {"context": "api", "dockerfile": "../Dockerfile"}, "volumes": volumes}))
    assert made.adopted is not None
    said = json.loads(made.adopted.document)["services"]["api"]
    assert said["build"]["context"] == "../api"
    assert [each["source"] for each in said["volumes"]] == ["..", "data", "/etc/x"]


def test_claims_read_what_the_dockerfile_starts_and_asks() -> None:
    file = PYTHON + "HEALTHCHECK CMD curl -f http://localhost:8000/up\n"
    made = stack(composition(api={"build": "."}, bare={"image": "x"}), file=file)
    assert made.adopted is not None
    services = json.loads(made.adopted.document)["services"]
    assert services["api"]["command"] == ["/bin/sh", "-c", "uvicorn shop.main:app --port 8000"]
    assert services["api"]["healthcheck"] == {"test": ["CMD-SHELL", "curl -f http://localhost:8000/up"]}
    assert not {"command", "healthcheck"} & {key for key, value in services["bare"].items() if value}

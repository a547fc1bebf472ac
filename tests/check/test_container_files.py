"""Which files are looked at, and which Compose files together."""

import pytest

from stackproof.check import container_files
from stackproof.model.source import SourceTree

WHOLE = "services:\n  a:\n    image: x\n  b:\n    build: .\nvolumes: {}\n"
PART = "services:\n  a:\n    image: x\n  b:\n    ports: []\n"


def _tree(**files: str) -> SourceTree:
    return SourceTree({path: text.encode() for path, text in files.items()})


@pytest.mark.parametrize(
    ("path", "is_one"),
    [
        ("Dockerfile", True), ("api/Dockerfile.prod", True), ("api.Dockerfile", True), ("Containerfile", True),
        ("Dockerfile.dockerignore", False), ("Dockerfile.orig", False), ("Dockerfile.md", False),
        ("node_modules/x/Dockerfile", False), ("legacy/Dockerfile", False), ("tests/a/Dockerfile", False),
        ("dockerfile.py", False),
    ],
)  # fmt: skip
def test_dockerfiles(path: str, is_one: bool) -> None:
    found = container_files.dockerfiles(_tree(**{path: ""}), ("legacy", "tests/*"))
    assert found == ((path,) if is_one else ())


@pytest.mark.parametrize(
    ("files", "together"),
    [
        ({"compose.yaml": WHOLE}, [("compose.yaml",)]),
        ({"compose.yaml": WHOLE, "compose.prod.yaml": WHOLE}, [("compose.prod.yaml",), ("compose.yaml",)]),
        ({"compose.yaml": WHOLE, "compose.prod.yaml": PART}, [("compose.yaml", "compose.prod.yaml")]),
        (
            {"docker-compose.yml": WHOLE, "docker-compose.override.yml": PART},
            [("docker-compose.yml", "docker-compose.override.yml"), ("docker-compose.yml",)],
        ),
        ({"deploy/compose.prod.yaml": PART}, [("deploy/compose.prod.yaml",)]),
        ({"compose.yaml": WHOLE, "compose-db.yaml": "x: 1"}, [("compose.yaml", "compose-db.yaml")]),
        ({"compose.yaml": WHOLE, "compose-db.yaml": "services: {}"}, [("compose.yaml", "compose-db.yaml")]),
        ({"conf.yaml": WHOLE}, []),
    ],
)
def test_compose_files(files: dict[str, str], together: list[tuple[str, ...]]) -> None:
    assert sorted(container_files.compositions(_tree(**files), ())) == sorted(together)

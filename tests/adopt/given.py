"""Small compositions and Dockerfiles, as the loaders give them."""

from dataclasses import replace

import yaml

from stackproof.adopt.compose import load
from stackproof.adopt.dockerfile import load as dockerfile
from stackproof.adopt.stack import Asked, adopt
from stackproof.model.composition import Composition
from stackproof.model.settings import Settings
from stackproof.model.source import SourceTree
from stackproof.model.stack import Service, Stack

PYTHON = "FROM python:3.13-slim\nWORKDIR /srv\nUSER 10001:10001\nEXPOSE 8000\nCMD uvicorn shop.main:app --port 8000\n"
ASKED = Asked("shop-adopted", "prod", Settings())


def composition(**services: object) -> Composition:
    return document({"services": services})


def document(content: object) -> Composition:
    return load(SourceTree({"compose.yaml": yaml.safe_dump(content, sort_keys=False).encode()}), ("compose.yaml",))


def stack(given: Composition, asked: Asked = ASKED, file: str = PYTHON, more: tuple[str, ...] = ()) -> Stack:
    """Each `build` has this Dockerfile; `more` are files of the project."""
    built = {name: dockerfile(file, "Dockerfile") for name, each in given.services().items() if "build" in each}
    return adopt(given, built, SourceTree({"Dockerfile": file.encode(), **dict.fromkeys(more, b"")}), asked)


def service(file: str = PYTHON, **said: object) -> Service:
    """The one service of a Compose file."""
    return stack(composition(api=said), file=file).services[0]


def proof(ports: tuple[int, ...] = ()) -> Asked:
    return replace(ASKED, proof=True, ports=ports)

"""FastAPI and Starlette: objects and factories of their application classes."""

from collections.abc import Iterator

from stackproof.detect import web_objects
from stackproof.detect.code import Code
from stackproof.detect.objects import Objects
from stackproof.model.facts import WebApp

CLASSES = {
    "fastapi.FastAPI": "fastapi",
    "fastapi.applications.FastAPI": "fastapi",
    "starlette.applications.Starlette": "starlette",
}


def candidates(code: Code) -> Iterator[WebApp]:
    yield from web_objects.applications(Objects(code, CLASSES), "asgi")

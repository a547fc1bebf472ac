"""Flask: objects and factories of its application class."""

from collections.abc import Iterator

from stackproof.detect import web_objects
from stackproof.detect.code import Code
from stackproof.detect.objects import Objects
from stackproof.model.facts import WebApp

CLASSES = {"flask.Flask": "flask", "flask.app.Flask": "flask"}


def candidates(code: Code) -> Iterator[WebApp]:
    yield from web_objects.applications(Objects(code, CLASSES), "wsgi")

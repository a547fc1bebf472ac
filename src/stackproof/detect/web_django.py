"""Django: the objects of wsgi.py and asgi.py; the settings say which of the two serves the site."""

from collections.abc import Iterator
from typing import Literal

from stackproof.detect import values, web_objects
from stackproof.detect.code import Code
from stackproof.detect.objects import Made, Objects
from stackproof.model.facts import WebApp

CLASSES = {
    "django.core.wsgi.get_wsgi_application": "wsgi",
    "django.core.asgi.get_asgi_application": "asgi",
    "channels.routing.ProtocolTypeRouter": "asgi",
}


def candidates(code: Code) -> Iterator[WebApp]:
    """One object for each interface; where the settings name one interface, only that."""
    made = Objects(code, CLASSES).ready
    stated = {"asgi"} if _states(code, "ASGI_APPLICATION") else {"wsgi"} if _states(code, "WSGI_APPLICATION") else set()
    interfaces: tuple[Literal["asgi", "wsgi"], ...] = ("wsgi", "asgi")
    for interface in interfaces:
        chosen = _chosen([item for item in made if item.kind == interface])
        alone = len({item.kind for item in made}) == 1
        if chosen and (alone or not stated or interface in stated):
            yield web_objects.application(chosen, "django", interface)


def _states(code: Code, setting: str) -> bool:
    """A settings module of the project names the application object of an interface."""
    return any(
        values.string(code, module, module.names[setting]) is not None for module in code if setting in module.names
    )


def _chosen(made: list[Made]) -> Made | None:
    """`application` by Django's convention; with Channels other names only serve it."""
    return min(made, key=lambda item: (item.attribute != "application", item.name), default=None)

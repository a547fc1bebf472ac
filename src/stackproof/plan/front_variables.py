"""The environment of a front end: where the stack's web services answer, and what is left to the user."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from stackproof.model.facts import NodeApp, NodeVariable
from stackproof.model.stack import Assignment, Because, Need, Stack, literal

PUBLIC = ("NEXT_PUBLIC_", "VITE_")
_URL = re.compile(
    r"(?:(?:INTERNAL|SERVER|PRIVATE)_)?(?P<who>\w+?)(?:_(?:BASE|ROOT|SERVER|INTERNAL|SERVICE|PROXY))*"
    r"_(?:URL|URI|ORIGIN|ADDRESS|ENDPOINT|TARGET)",
    re.ASCII,
)
_BACKEND = frozenset({"API", "BACKEND", "BACK_END", "UPSTREAM", "FASTAPI", "FLASK", "DJANGO", "PYTHON"})


def environment(stack: Stack, app: NodeApp) -> tuple[Assignment, ...]:
    return tuple(_assignment(stack, variable) for variable in app.variables)


def needs(stack: Stack, app: NodeApp) -> tuple[Need, ...]:
    """The web services whose addresses it gets."""
    asked = (backend(stack, variable) for variable in app.variables)
    return tuple(Need(name) for name in dict.fromkeys(asked) if name)


def arguments(stack: Stack, app: NodeApp) -> tuple[tuple[str, str], ...]:
    """Of the build: what it puts into files. A secret is none of it: a build's history keeps its arguments."""
    return tuple(
        (variable.name, _address(variable, name) if (name := backend(stack, variable)) else "")
        for variable in app.variables
        if variable.inlined and not variable.secret
    )


def backend(stack: Stack, variable: NodeVariable) -> str | None:
    """The web service whose URL a variable holds. None for what a browser gets: it knows no name of the stack."""
    found = _URL.fullmatch(variable.name)
    if found is None or variable.secret or variable.name.startswith(PUBLIC):
        return None
    web = [service.name for service in stack.services if service.role == "web"]
    named = found["who"].lower().replace("_", "-")
    if named in web:
        return named
    return web[0] if web and found["who"] in _BACKEND else None


def _assignment(stack: Stack, variable: NodeVariable) -> Assignment:
    if name := backend(stack, variable):
        because = Because(f"the stack's own {name}", variable.seen)
        return Assignment(variable.name, _address(variable, name), settable=False, because=because)
    said = "put into files by the build: build again after a change" if variable.inlined else "read by the front end"
    value = None if variable.secret or variable.inlined or not variable.default else literal(variable.default)
    because = Because(said, variable.seen)
    return Assignment(variable.name, value, settable=True, secret=variable.secret, because=because)


def _address(variable: NodeVariable, name: str) -> str:
    """With the path that the code's own default has."""
    return f"http://@{{{name}.host}}:@{{{name}.port}}" + literal(urlsplit(variable.default or "").path.rstrip("/"))


def withheld(app: NodeApp) -> Iterator[NodeVariable]:
    """Secrets that the build's configuration reads: it does not get them."""
    yield from (variable for variable in app.variables if variable.inlined and variable.secret)

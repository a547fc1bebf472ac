"""Compose texts loaded, and what a refusal says."""

import pytest

from stackproof.adopt.compose import load
from stackproof.errors import UserError
from stackproof.model.composition import Composition
from stackproof.model.source import SourceTree


def loaded(text: str | bytes, environment: dict[str, str] | None = None, **more: str) -> Composition:
    """compose.yaml and files beside it: `_` in their names stands for a dot, `__` for a slash."""
    data = text if isinstance(text, bytes) else text.encode()
    beside = {name.replace("__", "/").replace("_", "."): body.encode() for name, body in more.items()}
    return load(SourceTree({"compose.yaml": data, **beside}, name="Shop"), (), environment or {})


def service(text: str, environment: dict[str, str] | None = None, **more: str) -> dict[str, object]:
    """The one service of a file, given by its keys alone."""
    return dict(loaded(f"services: {{a: {{image: x, {text}}}}}", environment, **more).services()["a"])


def refusal(text: str | bytes, **more: str) -> str:
    with pytest.raises(UserError) as caught:
        loaded(text, None, **more)
    assert caught.value.fix
    return str(caught.value)

"""Imports that no dependency brings; everything that may be brought after all is left alone."""

import pytest

from stackproof.model.facts import Unmet
from tests.detect.trees import facts


def unmet(code: str, requirements: str = "flask\n", **files: str) -> list[str]:
    found = facts(Unmet, {"requirements.txt": requirements, "app.py": code, **files})
    return [f"{item.distribution}:{item.seen.line}" for item in found]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("import yaml\n", ["pyyaml:1"]),
        ("import yaml\nimport yaml\nfrom yaml import x\n", ["pyyaml:1"]),
        ("from requests.sessions import Session\n", ["requests:1"]),
        ("try:\n    import yaml\nexcept ImportError:\n    pass\n", []),
        ("try:\n    import yaml\nexcept (ImportError, OSError):\n    pass\n", []),
        ("try:\n    import yaml\nexcept:\n    pass\n", []),
        ("try:\n    import yaml\nexcept OSError:\n    import toml\n", ["pyyaml:2"]),
        ("with x:\n    import yaml\n", ["pyyaml:2"]),
        ("def f():\n    import yaml\n", []),
        ("if TYPE_CHECKING:\n    import yaml\n", []),
        ("import werkzeug, jinja2.ext, json, google.cloud, _ssl, distutils\n", []),
        ("from . import yaml\n", []),
    ],
)
def test_what_is_missing(code: str, expected: list[str]) -> None:
    assert unmet(code) == expected


@pytest.mark.parametrize(
    ("name", "requirements"),
    [
        ("jwt", "pyjwt\n"),
        ("slugify", "awesome-slugify\n"),
        ("memcache", "python-memcached\nmemcache\n"),
        ("telebot", "pyTelegramBotAPI\n"),
        ("kinde", "kinde-python\n"),
        ("thing", "py-thing\n"),
        ("thing", "big-thing-client\n"),
    ],
)
def test_a_name_that_is_alike_is_enough(name: str, requirements: str) -> None:
    assert unmet(f"import {name}\n", requirements) == []


def test_what_the_lock_brings_is_not_missing() -> None:
    lock = 'version = 1\n[[package]]\nname = "pyyaml"\nversion = "6"\n'
    assert unmet("import yaml\n", **{"uv.lock": lock}) == []


def test_modules_of_the_project_are_its_own() -> None:
    assert unmet("import shop, libs\n", **{"libs/shop/x.py": ""}) == []


def test_a_project_that_asks_for_nothing_is_not_judged() -> None:
    assert unmet("import yaml\n", "") == []

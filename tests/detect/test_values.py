"""Values worked out without running anything, seen through the defaults of variables."""

import pytest

from stackproof.model.facts import Variable
from tests.detect.trees import facts

HEAD = """\
import os
from pathlib import Path
from functools import cache
from pydantic_settings import BaseSettings
from other import LIMIT, Plain, deep
class Settings(BaseSettings):
    host: str = "h"
    port: int = 1
    name: str
    @property
    def url(self):
        return f"http://{self.host}:{self.port}"
    def full(self):
        return self.url + "/x"
    def empty(self): ...
    def other(self):
        return self.missing
@cache
def get_settings():
    return Settings()
def get_nothing():
    return 1
settings = get_settings()
BASE = Path(__file__).resolve().parent
"""
OTHER = (
    """\
LIMIT = 5
class Plain:
    x: int = 1
    A = "a"
    B = LIMIT
deep = """
    + "x"
    + ".y" * 60
    + "\n"
)


@pytest.mark.parametrize(
    ("expression", "default"),
    [
        ("'a'", "a"),
        ("True", "true"),
        ("None", None),
        ("1.5", "1.5"),
        ("[1]", None),
        ("[1, x]", None),
        ("{}", None),
        ("LIMIT", "5"),
        ("LIMIT * 2 + 1 - 3", "8"),
        ("2 ** 3", None),
        ("LIMIT / 2", None),
        ("10 ** 20 * 1", None),
        ("99999999999999999999 * 2", None),
        ("'a' + 1", None),
        ("'a' * 'b'", None),
        ("'a' + x", None),
        ("f'{LIMIT}-{1}'", "5-1"),
        ("f'{x}'", None),
        ("f'{None}'", None),
        ("None or 'b'", "b"),
        ("x or y", None),
        ("'a' and 'b'", None),
        ("-x", None),
        ("Plain.A", "a"),
        ("Plain.B", "5"),
        ("Plain.C", None),
        ("Plain.A.value", "a"),
        ("x.y", None),
        ("deep", None),
        ("settings.host", "h"),
        ("settings.url", "http://h:1"),
        ("settings.full()", "http://h:1/x"),
        ("settings.name", None),
        ("settings.empty", None),
        ("settings.missing", None),
        ("settings.other", None),
        ("get_settings().port", "1"),
        ("get_nothing().port", None),
        ("Settings().host", "h"),
        ("(x)().host", None),
        ("unknown().host", None),
        ("str(LIMIT)", "5"),
        ("int('7')", "7"),
        ("int('x')", None),
        ("float('1')", "1.0"),
        ("bool(1)", "true"),
        ("make('x')", None),
        ("str()", None),
        ("str(x)", None),
        ("tuple('a')", "a"),
        ("Path('a') / 'b'", "a/b"),
        ("Path('a', 'b')", "a/b"),
        ("Path('a', x)", None),
        ("Path('a').parent", "."),
        ("Path(x).parent", None),
        ("x.parent", None),
        ("os.path.join('a', 'b')", "a/b"),
        ("os.path.dirname('a/b')", "a"),
        ("os.path.abspath('a')", "a"),
        ("BASE / 'media'", "./media"),
        ("str(BASE)", "."),
        ("os.path.dirname(__file__)", "."),
        ("' a '.strip()", " a "),
        ("'a'.strip('x')", None),
        ("os.environ.get('B', 'inner')", "inner"),
        ("os.environ.get(x, 'inner')", "inner"),
        ("os.environ[x]", None),
        ("(lambda: 1)", None),
    ],
)
def test_defaults(expression: str, default: str | None) -> None:
    found = facts(Variable, {"m.py": f"{HEAD}os.getenv('A', {expression})\n", "other.py": OTHER})
    assert next(item.default for item in found if item.name == "A") == default


@pytest.mark.parametrize(
    ("text", "default"),
    [
        ("def f(settings: Settings):\n    os.getenv('A', settings.host)\n", "h"),
        ("def f(*, s: Settings):\n    os.getenv('A', s.host)\n", "h"),
        ("def f(s):\n    os.getenv('A', s.host)\n", None),
        ("def f(s: Plain):\n    os.getenv('A', s.host)\n", None),
        ("def f(s: 'Settings | None'):\n    os.getenv('A', s.host)\n", None),
        ("def f():\n    x = 'local'\n    os.getenv('A', x)\n", "local"),
        ("class C:\n    def f(self):\n        os.getenv('A', self.host)\n", None),
        ("os.getenv('A', self.host)\n", None),
        ("a = b = 1\nb = a\na = b\nos.getenv('A', a)\nos.getenv('A', a.host)\n", None),
        ("def g():\n    return g()\nos.getenv('A', g().x)\n", None),
    ],
)
def test_defaults_where_the_place_matters(text: str, default: str | None) -> None:
    found = facts(Variable, {"m.py": HEAD + text, "other.py": OTHER})
    assert next(item.default for item in found if item.name == "A") == default

"""Environment variables: every form of reading one, defaults, types, secrets."""

import pytest

from stackproof.detect import variables
from stackproof.model.facts import Ambiguity, Documented, Variable
from tests.detect.trees import Files, facts

Row = tuple[str, str | None, bool, str]


def _rows(text: str, **more: str) -> list[Row]:
    found = facts(Variable, {"m.py": text, **{f"{name}.py": other for name, other in more.items()}})
    return [(item.name, item.default, item.required, item.kind) for item in found]


READS: list[tuple[str, list[Row]]] = [
    ("import os\nos.environ['A']\n", [("A", None, True, "str")]),
    ("import os\nos.environ['A'] = '1'\ndel os.environ['B']\nx['C']\n", []),
    ("import os\nos.environ.get('A')\n", [("A", None, False, "str")]),
    ("import os as o\no.getenv('A', 'x')\n", [("A", "x", False, "str")]),
    (
        "from os import getenv as g, environ as e\ng('A', default='x')\ne.get(key='B')\n",
        [("A", "x", False, "str"), ("B", None, False, "str")],
    ),
    ("import os\nget = os.environ.get\nget('A')\n", [("A", None, False, "str")]),
    (
        "import os\nif 'A' in os.environ:\n    os.environ['A']\nif 1 < 2 or 'x' in y: pass\n",
        [("A", None, False, "str")],
    ),
    (
        "import os\nos.environ.setdefault('A', 'x')\nos.environ.pop('B', None)\n",
        [("A", "x", False, "str"), ("B", None, False, "str")],
    ),
    (
        "import os\nint(os.environ['A'])\nfloat(os.getenv('B', 1.5))\nint()\n",
        [("A", None, True, "int"), ("B", "1.5", False, "float")],
    ),
    (
        "import os\nos.getenv('A', '').lower() in ('1', 'true')\nos.getenv('B') == 'True'\nos.getenv('C') == 'prod'\n",
        [("A", "", False, "bool"), ("B", None, False, "bool"), ("C", None, False, "str")],
    ),
    (
        "import os\nNAME = 'A'\nos.environ[NAME]\nos.environ['P_' + NAME]\nos.environ[f'{NAME}_X']\n",
        [("A", None, True, "str"), ("P_A", None, True, "str"), ("A_X", None, True, "str")],
    ),
    ("import os\nos.environ['A']\nint(os.getenv('A', '1'))\n", [("A", "1", True, "int")]),
    ("import os\nos.environ['PATH']\nos.environ['LC_ALL']\nos.getenv('HOME')\nos.getenv()\n", []),
    ("import os\nos.getenv('A', compute())\n", [("A", None, False, "str")]),
    ("import os\nos.getenv('A') or 'x'\n", [("A", None, False, "str")]),
    (
        "from environs import Env\nenv = Env()\nenv.read_env()\nenv('A')\nenv.int('B', 5)\n"
        "env.list('C', default=[])\nenv.x.y('D')\n",
        [("A", None, True, "str"), ("B", "5", False, "int"), ("C", None, False, "other")],
    ),
    (
        "import environ\nenv = environ.Env(DEBUG=(bool, False))\nenv.bool('DEBUG', default=False)\nenv.db()\n"
        "env.cache(default='x')\nenv.db('D_URL')\n",
        [
            ("DEBUG", "false", False, "bool"),
            ("DATABASE_URL", None, True, "str"),
            ("CACHE_URL", "x", False, "str"),
            ("D_URL", None, True, "other"),
        ],
    ),
    (
        "from decouple import config\nconfig('A')\nconfig('B', default=1, cast=int)\nconfig('C', cast=x.y)\n"
        "config('D', cast=Csv)\n",
        [("A", None, True, "str"), ("B", "1", False, "int"), ("C", None, True, "other"), ("D", None, True, "other")],
    ),
    (
        "from starlette.config import Config\nconfig = Config('.env')\nconfig('A', cast=bool, default=False)\n",
        [("A", "false", False, "bool")],
    ),
    (
        "import dj_database_url\ndj_database_url.config(default='sqlite:///x')\n",
        [("DATABASE_URL", "sqlite:///x", False, "str")],
    ),
    ("import os\nb = os.environ['B']\na = os.environ['A']\n", [("B", None, True, "str"), ("A", None, True, "str")]),
]


@pytest.mark.parametrize(("text", "expected"), READS)
def test_reads(text: str, expected: list[Row]) -> None:
    assert _rows(text) == expected


HELPER = (
    "import os\ndef env(name, default=None, other=0):\n    return os.environ.get(name, default)\n"
    "def must(name):\n    return os.environ[name]\ndef fixed(name):\n    return os.getenv(name, 'x')\n"
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "from helper import env\nenv('A')\nint(env('B', '5'))\nenv(name='C', default='x')\n",
            [("A", None, False, "str"), ("B", "5", False, "int"), ("C", "x", False, "str")],
        ),
        ("from helper import must\nmust('A')\n", [("A", None, True, "str")]),
        ("from helper import fixed\nfixed('A')\n", [("A", "x", False, "str")]),
    ],
)
def test_the_calls_of_a_helper_are_the_reads(text: str, expected: list[Row]) -> None:
    assert _rows(text, helper=HELPER) == expected


@pytest.mark.parametrize(
    "text",
    [
        "import os\nfor name in names:\n    os.environ[name]\n",
        "import os\n\nos.environ[make()]\n",
        "import os\ndef f():\n    os.getenv(f'{x}_A')\n",
        "import os\ndef f(name='x'):\n    os.getenv(name)\nf(other)\n",
        "import os\ndef f(*, name):\n    return os.getenv(name)\nf(*x)\n",
    ],
)
def test_a_name_made_at_run_time_is_an_ambiguity(text: str) -> None:
    (doubt,) = facts(Ambiguity, {"m.py": text})
    assert (doubt.about, str(doubt.seen)[:5]) == ("environment variable", "m.py:")


SETTINGS = """\
from enum import Enum
from pathlib import Path
from typing import Annotated, ClassVar, Literal, Optional
from pydantic import AliasChoices, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Base(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="APP_")
    debug: bool = False


class Settings(Base):
    CONSTANT: ClassVar[int] = 1
    _private: int = 1
    plain = 1
    url: str
    limit: Optional[int] = None
    ratio: float | None = 0.5
    hosts: list[str] = Field(default_factory=list)
    mode: Literal["a", "b"] = "a"
    folder: Path = Path("data") / "x"
    key: SecretStr = SecretStr("x")
    also: str = Field("d", alias="OTHER")
    choice: str = Field(default="d", validation_alias=AliasChoices("FIRST", "SECOND"))
    odd: str = Field(default="d", alias=None)
    must: int = Field(..., gt=0)
    noted: Annotated[int, Field(gt=0)] = 3
    x.y: int = 4

    @property
    def upper(self) -> str:
        return self.mode


settings = Settings()
"""


def test_settings_class() -> None:
    found = facts(Variable, {"m.py": SETTINGS})
    rows = [(item.name, item.default, item.required, item.secret, item.kind, item.seen.line) for item in found]
    assert rows == [
        ("APP_DEBUG", "false", False, False, "bool", 10),
        ("APP_URL", None, True, False, "str", 17),
        ("APP_LIMIT", None, False, False, "int", 18),
        ("APP_RATIO", "0.5", False, False, "float", 19),
        ("APP_HOSTS", None, False, False, "other", 20),
        ("APP_MODE", "a", False, False, "str", 21),
        ("APP_FOLDER", "data/x", False, False, "str", 22),
        ("APP_KEY", "x", False, True, "str", 23),
        ("OTHER", "d", False, False, "str", 24),
        ("FIRST", "d", False, False, "str", 25),
        ("APP_ODD", "d", False, False, "str", 26),
        ("APP_MUST", None, True, False, "int", 27),
        ("APP_NOTED", "3", False, False, "int", 28),
    ]


PYDANTIC = "from pydantic_settings import BaseSettings\n"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("class S(BaseSettings):\n    model_config = {'env_prefix': 'P_', **x}\n    a: int\n", ["P_A"]),
        (
            "class S(BaseSettings):\n    class Config:\n        env_prefix = 'P_'\n        def f(self): ...\n"
            "    a: int\n",
            ["P_A"],
        ),
        ("class S(BaseSettings, env_prefix='P_', **x):\n    a: int\n", ["P_A"]),
        (
            "class S(BaseSettings):\n    model_config = dict(case_sensitive=True, env_prefix=make(), **x)\n"
            "    a: int\n",
            ["a"],
        ),
        ("class A(BaseSettings):\n    a: int\nclass B(A):\n    b: int\n", ["A", "B"]),
        (
            "class A(BaseSettings):\n    a: int\nclass B(A):\n    model_config = {'env_prefix': 'B_'}\na = A()\n",
            ["A", "B_A"],
        ),
    ],
)
def test_names_in_settings_classes(text: str, names: list[str]) -> None:
    assert [row[0] for row in _rows(PYDANTIC + text)] == names


@pytest.mark.parametrize(
    ("name", "secret"),
    [
        ("DB_PASSWORD", True),
        ("SECRET_KEY", True),
        ("API_TOKEN", True),
        ("STRIPE_KEY", True),
        ("SENTRY_DSN", True),
        ("api_key", True),
        ("GOOGLE_CREDENTIALS", True),
        ("JWT_SECRET_2", True),
        ("KEYBOARD", False),
        ("PUBLIC_KEY", False),
        ("MAX_TOKENS", False),
        ("TOKEN_TTL", False),
        ("REDIS_URL", False),
        ("MONKEY", False),
        ("PASSWORD_FILE", False),
    ],
)
def test_secrets_by_name(name: str, secret: bool) -> None:
    assert variables.is_secret(name) is secret


def test_a_number_is_no_secret() -> None:
    (found,) = facts(Variable, {"m.py": "import os\nint(os.environ['REFRESH_TOKEN'])\n"})
    assert not found.secret


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({".env.example": "A=1\nexport b=2\n# C=3\n#D=\n# words = x\n\n"}, ["A:1", "b:2", "C:3", "D:4"]),
        ({"env.sample": "A=1\n", ".env.prod.template": "B=1\n", "example.env": "C=1\n"}, ["B:1", "A:1", "C:1"]),
        ({".env": "A=1\n", "deploy/env/prod.env.example": "B=1\n", "tests/.env.example": "C=1\n"}, []),
    ],
)
def test_templates(files: Files, expected: list[str]) -> None:
    assert sorted(f"{item.name}:{item.seen.line}" for item in facts(Documented, files)) == sorted(expected)

"""Secrets that the code reads from files: fields, literal names, functions that are given the name."""

import pytest

from stackproof.model.facts import Ambiguity, SecretFile, Variable
from tests.detect.trees import Files, facts, project

HELPER = """\
import os
from pathlib import Path


def secret(name: str, default: str | None = None) -> str | None:
    if path := os.environ.get(f"{name}_FILE"):
        return Path(path).read_text()
    return os.environ.get(name, default)
"""

JOINED = """\
import os
SUFFIX = "_FILE"


def plain(name):
    return os.environ[name]


def secret(name, *, also="ALSO_KEY"):
    key = name.upper() + SUFFIX
    os.getenv(also + "_FILE")
    return open(os.environ[key]).read() if key in os.environ else plain(name.upper())
"""

METHODS = """\
import os


class Config:
    def secret(self, name):
        return os.getenv(name + "_FILE") or os.getenv(name)

    @staticmethod
    def token(name):
        return os.getenv("APP_" + name + "_FILE")

    @classmethod
    def key(cls, name):
        return os.getenv(name + "_KEY_FILE")

    def load(self):
        return self.secret("DB_PASSWORD"), self.token("API_TOKEN"), self.key("SIGNING"), self.other("X")


Config.token("MAIL_TOKEN")
"""

SETTINGS = """\
from pathlib import Path
from pydantic import SecretStr
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    redis_password: SecretStr | None = None
    redis_password_file: Path | None = None
    signer: SecretStr | None = None
    signer_file: Path | None = None
    log: str = "stdout"
    log_file: Path | None = None
    mail_token_file: Path | None = None
"""

CASES: list[tuple[Files, list[str], list[str]]] = [
    (
        {"s.py": HELPER, "m.py": "from s import secret\nsecret('JWT_SECRET')\nsecret(name='DATABASE_URL')\n"},
        ["JWT_SECRET_FILE m.py:2", "DATABASE_URL_FILE m.py:3"],
        ["JWT_SECRET secret", "DATABASE_URL secret"],
    ),
    (
        {"s.py": JOINED, "m.py": "import s\ns.secret('db_password')\ns.secret('a_token', also='B_KEY')\n"},
        ["ALSO_KEY_FILE m.py:2", "DB_PASSWORD_FILE m.py:2", "B_KEY_FILE m.py:3", "A_TOKEN_FILE m.py:3"],
        ["DB_PASSWORD secret", "A_TOKEN secret", "ALSO_KEY_FILE", "B_KEY_FILE"],
    ),
    (
        {"m.py": METHODS},
        [
            "DB_PASSWORD_FILE m.py:17", "APP_API_TOKEN_FILE m.py:17", "APP_MAIL_TOKEN_FILE m.py:20",
            "SIGNING_KEY_FILE m.py:17",
        ],
        ["DB_PASSWORD secret", "APP_API_TOKEN_FILE", "APP_MAIL_TOKEN_FILE", "SIGNING_KEY_FILE"],
    ),
    (
        {"m.py": SETTINGS},
        ["REDIS_PASSWORD_FILE m.py:8", "SIGNER_FILE m.py:10", "MAIL_TOKEN_FILE m.py:13"],
        ["REDIS_PASSWORD secret", "SIGNER secret", "LOG", "LOG_FILE", "MAIL_TOKEN_FILE"],
    ),
    (
        {"m.py": "import os\nos.environ.get('API_KEY_FILE')\nos.environ.get('API_KEY')\nos.getenv('CONFIG_FILE')\n"},
        ["API_KEY_FILE m.py:2"],
        ["API_KEY secret", "CONFIG_FILE"],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("files", "secrets", "read"), CASES)
def test_secret_files(files: Files, secrets: list[str], read: list[str]) -> None:
    found = project(files)
    assert sorted(f"{item.file_variable} {item.seen}" for item in found.all(SecretFile)) == sorted(secrets)
    assert all(item.file_variable == f"{item.variable}_FILE" for item in found.all(SecretFile))
    names = [f"{item.name}{' secret' if item.secret else ''}" for item in found.all(Variable)]
    assert sorted(names) == sorted(read)
    assert not found.all(Ambiguity)


@pytest.mark.parametrize(
    "body",
    [
        "os.getenv(f'{name}_{other}')",
        "os.getenv(name * 2)",
        "os.getenv(f'{made()}_FILE')",
        "os.getenv(make(name))",
        "os.getenv(lost.upper())",
    ],
)
def test_names_that_no_call_tells(body: str) -> None:
    text = f"import os\ndef secret(name, other):\n    return {body}\nsecret('A', 'B')\n"
    (doubt,) = facts(Ambiguity, {"m.py": text})
    assert str(doubt.seen) == "m.py:3"


def test_functions_that_call_themselves_end() -> None:
    text = "import os\ndef secret(name):\n    name = name + name\n    os.getenv(name)\n    return secret(name + '_X')\n"
    assert {item.about for item in facts(Ambiguity, {"m.py": text})} == {"environment variable"}
    text = "import os\ndef secret():\n    key = key.upper()\n    return os.getenv(key)\n"
    assert len(facts(Ambiguity, {"m.py": text})) == 1

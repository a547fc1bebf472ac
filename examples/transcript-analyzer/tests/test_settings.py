from pathlib import Path

import pytest
from kombu import Connection
from pydantic import ValidationError
from redis import Redis

from conftest import PASSWORD, SECRET_KEY
from src.app.settings import Settings


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("REDIS_URL", "http://127.0.0.1"),
        ("REDIS_URL", "redis://:secret@127.0.0.1/0"),
        ("REDIS_PASSWORD_FILE", "/nowhere"),
        ("LOG_LEVEL", "LOUD"),
        ("MAX_BODY_BYTES", "1"),
        ("VISIBILITY_TIMEOUT_SECONDS", "12"),
        ("TRUSTED_PROXIES", "-1"),
    ],
)
def test_refused(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError):
        Settings()


def test_empty_counts_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LOG_LEVEL", "COOKIE_SECURE", "REDIS_PASSWORD", "REDIS_PASSWORD_FILE"):
        monkeypatch.setenv(name, "")
    settings = Settings()
    assert (settings.log_level, settings.cookie_secure) == ("INFO", True)
    assert settings.redis_url_with_password() == settings.redis_url


def test_level_in_any_case(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOG_LEVEL", "debug")
    assert Settings().log_level == "DEBUG"


@pytest.mark.parametrize("end", ["", "\n"])
def test_secrets_from_files(end: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("REDIS_PASSWORD", "two\nlines "), ("SECRET_KEY", SECRET_KEY)):
        monkeypatch.delenv(name)
        (tmp_path / name).write_text(value + end)
        monkeypatch.setenv(f"{name}_FILE", str(tmp_path / name))
    settings = Settings()
    assert settings.redis_password
    assert settings.redis_password.get_secret_value() == "two\nlines "
    assert settings.signing_key() == SECRET_KEY


def test_a_secret_given_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY_FILE", str(tmp_path / "key"))
    with pytest.raises(ValidationError, match="SECRET_KEY and SECRET_KEY_FILE are both set"):
        Settings()


@pytest.mark.parametrize("key", ["", "short", "x" * 31])
def test_a_weak_signing_key(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", key)
    with pytest.raises(ValueError, match="at least 32 characters"):
        Settings().signing_key()


def test_secrets_are_not_shown() -> None:
    shown = repr(Settings())
    assert PASSWORD not in shown
    assert SECRET_KEY not in shown


def test_the_password_survives_its_way_into_a_url() -> None:
    url = Settings().redis_url_with_password("socket_timeout=5")
    with Redis.from_url(url) as redis:
        assert redis.ping()
    assert Connection(Settings().redis_url_with_password()).password == PASSWORD


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("rediss://user@host:7000/2?a=b", "rediss://user:p%40%2F@host:7000/2?a=b&c=d"),
        ("redis://host", "redis://:p%40%2F@host?c=d"),
    ],
)
def test_url(url: str, expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", url)
    monkeypatch.setenv("REDIS_PASSWORD", "p@/")
    assert Settings().redis_url_with_password("c=d") == expected


def test_origins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALLOWED_ORIGINS", "https://a.example, https://b.example/,")
    assert Settings().origins() == {"https://a.example", "https://b.example"}

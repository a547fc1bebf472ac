from pathlib import Path

import pytest
from pydantic import ValidationError

from exoplanet.settings import Settings


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for field in Settings.model_fields:
        monkeypatch.delenv(field.upper(), raising=False)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("REDIS_URL", "http://127.0.0.1"),
        ("REDIS_URL", "redis://:secret@127.0.0.1"),
        ("REDIS_PASSWORD_FILE", "/nowhere/at/all"),
        ("LOG_LEVEL", "LOUD"),
        ("CACHE_SECONDS", "0"),
    ],
)
def test_refused(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError):
        Settings()


def test_empty_counts_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    for field in Settings.model_fields:
        monkeypatch.setenv(field.upper(), "")
    settings = Settings()
    assert (settings.redis_password, settings.cache_seconds) == (None, 3600)
    assert settings.prometheus_multiproc_dir is None


@pytest.mark.parametrize(
    ("content", "password"), [("s e\n", "s e"), ("%@:\n\n", "%@:\n"), ("%@:", "%@:")]
)
def test_password_from_a_file(
    content: str, password: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "password"
    file.write_text(content)
    monkeypatch.setenv("REDIS_PASSWORD_FILE", str(file))
    secret = Settings().redis_password
    assert secret
    assert secret.get_secret_value() == password
    assert password not in repr(Settings())


def test_one_password_only(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("REDIS_PASSWORD", "one")
    monkeypatch.setenv("REDIS_PASSWORD_FILE", str(tmp_path))
    with pytest.raises(ValidationError, match="both set"):
        Settings()


def test_level_in_any_case(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOG_LEVEL", "debug")
    assert Settings().log_level == "DEBUG"

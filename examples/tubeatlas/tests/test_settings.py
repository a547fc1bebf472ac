import pytest
from pydantic import ValidationError

from tubeatlas.config.settings import Settings


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "postgresql+asyncpg://db/tubeatlas"),
        ("DATABASE_URL", "sqlite+aiosqlite:///:memory:"),
        ("DATABASE_URL", "nonsense"),
        ("REDIS_URL", "http://127.0.0.1"),
        ("LOG_LEVEL", "LOUD"),
        ("TASK_RETRY_BASE_SECONDS", "-1"),
        ("VISIBILITY_TIMEOUT_SECONDS", "12"),
        ("CHUNK_WORDS", "0"),
    ],
)
def test_refused(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError):
        Settings()


def test_empty_counts_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("API_TOKEN", "LOG_LEVEL", "CHUNK_WORDS"):
        monkeypatch.setenv(name, "")
    settings = Settings()
    assert (settings.api_token, settings.log_level, settings.chunk_words) == (None, "INFO", 200)


def test_level_in_any_case(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOG_LEVEL", "debug")
    assert Settings().log_level == "DEBUG"


def test_token_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("API_TOKEN", "canary")
    assert "canary" not in repr(Settings())

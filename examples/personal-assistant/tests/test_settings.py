import tomllib
from pathlib import Path

import pytest
from pydantic import ValidationError

from conftest import HERE, Person, forget_settings
from personal_assistant.config.settings import ApiSettings, Settings, SmsSettings, plain
from personal_assistant.database import seed
from servers import PASSWORD


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "postgresql://assistant@db/assistant"),
        ("DATABASE_URL", "nonsense"),
        ("REDIS_URL", "http://127.0.0.1"),
        ("LOG_LEVEL", "LOUD"),
        ("ENVIRONMENT", "production"),
        ("JWT_SECRET", "short"),
        ("VISIBILITY_TIMEOUT_SECONDS", "12"),
        ("DATABASE_POOL_SIZE", "0"),
        ("SEED_API_KEY", "short"),
        ("DATABASE_PASSWORD_FILE", "/nowhere/at/all"),
    ],
)
def test_refused(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError):
        ApiSettings()


def test_empty_counts_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_PASSWORD", "DATABASE_PASSWORD_FILE", "LOG_LEVEL", "WORKER_HEALTH_PORT"):
        monkeypatch.setenv(name, "")
    settings = Settings()
    assert (settings.database_password, settings.log_level) == (None, "INFO")


@pytest.mark.parametrize(
    ("content", "value"), [("secret\n", "secret"), ("se\ncret", "se\ncret"), (" a \n\n", " a \n")]
)
def test_a_secret_from_a_file(
    content: str, value: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "secret").write_text(content)
    monkeypatch.setenv("DATABASE_PASSWORD_FILE", str(tmp_path / "secret"))
    assert plain(Settings().database_password) == value


def test_a_required_secret_from_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JWT_SECRET")
    (tmp_path / "empty").write_text("\n")
    monkeypatch.setenv("JWT_SECRET_FILE", str(tmp_path / "empty"))
    with pytest.raises(ValidationError, match="jwt_secret"):
        ApiSettings()
    (tmp_path / "full").write_text("s" * 40)
    monkeypatch.setenv("JWT_SECRET_FILE", str(tmp_path / "full"))
    assert plain(ApiSettings().jwt_secret) == "s" * 40


def test_a_value_and_a_file_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "secret").write_text("b")
    monkeypatch.setenv("DATABASE_PASSWORD", "a")
    monkeypatch.setenv("DATABASE_PASSWORD_FILE", str(tmp_path / "secret"))
    with pytest.raises(ValidationError, match="both set"):
        Settings()


def test_what_a_process_does_not_need_it_does_not_ask_for(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("JWT_SECRET", "AGENT_TOKEN", "TWILIO_AUTH_TOKEN"):
        monkeypatch.delenv(name)
    Settings()
    for kind in (ApiSettings, SmsSettings):
        with pytest.raises(ValidationError):
            kind()


def test_any_password_reaches_the_driver(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_PASSWORD", PASSWORD)
    monkeypatch.setenv("DATABASE_URL", "postgresql+psycopg://assistant@127.0.0.1/assistant")
    settings = Settings()
    assert settings.database.password == PASSWORD
    assert PASSWORD not in repr(settings)
    assert PASSWORD not in str(settings.database)


def test_the_seed_is_refused_in_prod_without_a_key(
    ada: Person, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ENVIRONMENT", "prod")
    forget_settings()
    assert seed.main() == 2
    assert "SEED_API_KEY" in capsys.readouterr().err


def test_the_seeded_key_is_the_one_that_was_given(
    ada: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ENVIRONMENT", "prod")
    for key in ("first-" * 8, "second-" * 8):
        (tmp_path / "key").write_text(f"{key}\n")
        monkeypatch.setenv("SEED_API_KEY_FILE", str(tmp_path / "key"))
        forget_settings()
        assert seed.main() == 0
        answer = ada.client.get("/api/v1/notes", headers={"X-Api-Key": key})
        assert len(answer.json()) == 2
    gone = ada.client.get("/api/v1/notes", headers={"X-Api-Key": "first-" * 8})
    assert gone.status_code == 401
    login = {"email": seed.EMAIL, "password": "no password at all"}
    assert ada.client.post("/api/v1/auth/login", json=login).status_code == 401


def test_both_lists_of_dependencies_say_the_same() -> None:
    project = tomllib.loads((HERE / "pyproject.toml").read_text())["project"]
    lines = (HERE / "requirements.in").read_text().splitlines()
    assert project["dependencies"] == [line for line in lines if line and line[0] != "#"]


def test_the_tests_use_what_production_uses() -> None:
    def pins(name: str) -> set[str]:
        lines = (HERE / name).read_text().splitlines()
        return {line.split(" ")[0] for line in lines if line and line[0] not in " #"}

    assert pins("requirements.txt") < pins("requirements-dev.txt")

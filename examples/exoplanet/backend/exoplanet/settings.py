"""Every setting of the application, read from the environment; nothing else reads it."""

from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field, RedisDsn, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """An empty variable counts as unset."""

    # A model_path of our own must not collide with the names that pydantic keeps for itself.
    model_config = SettingsConfigDict(
        env_ignore_empty=True, frozen=True, hide_input_in_errors=True, protected_namespaces=()
    )

    redis_url: RedisDsn = RedisDsn("redis://127.0.0.1:6379/0")
    redis_password: SecretStr | None = None
    redis_password_file: Path | None = None
    redis_timeout_seconds: float = Field(1.0, gt=0)
    model_path: Path = Path("model/transit.joblib")
    cache_seconds: int = Field(3600, ge=1)
    max_body_bytes: int = Field(2_000_000, ge=1_000)
    prometheus_multiproc_dir: Path | None = None
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"] = "INFO"

    @field_validator("log_level", mode="before")
    @classmethod
    def _level_in_any_case(cls, level: object) -> object:
        return level.upper() if isinstance(level, str) else level

    @field_validator("redis_url")
    @classmethod
    def _without_password(cls, url: RedisDsn) -> RedisDsn:
        if url.password:
            raise ValueError("give the password by REDIS_PASSWORD or REDIS_PASSWORD_FILE")
        return url

    @model_validator(mode="before")
    @classmethod
    def _password_from_file(cls, values: dict[str, object]) -> dict[str, object]:
        file = values.get("redis_password_file")
        if not file:
            return values
        if values.get("redis_password"):
            raise ValueError("REDIS_PASSWORD and REDIS_PASSWORD_FILE are both set; one is enough")
        return {**values, "redis_password": _secret(Path(str(file)))}


@cache
def get_settings() -> Settings:
    return Settings()


def _secret(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").removesuffix("\n")
    except OSError as error:
        raise ValueError(f"REDIS_PASSWORD_FILE: {file}: {error.strerror}") from error

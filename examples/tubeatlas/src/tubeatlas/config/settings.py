"""Every setting of the application, read from the environment; nothing else reads it."""

from functools import cache
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, RedisDsn, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError


def _sqlite_file(url: str) -> str:
    try:
        parts = make_url(url)
    except ArgumentError as error:
        raise ValueError(f"not a database URL: {error}") from error
    if parts.drivername != "sqlite+aiosqlite" or parts.database in (None, "", ":memory:"):
        raise ValueError("must name a file: sqlite+aiosqlite:///data/tubeatlas.db")
    return url


class Settings(BaseSettings):
    """An empty variable counts as unset."""

    model_config = SettingsConfigDict(env_ignore_empty=True, frozen=True, hide_input_in_errors=True)

    database_url: Annotated[str, AfterValidator(_sqlite_file)] = (
        "sqlite+aiosqlite:///data/tubeatlas.db"
    )
    redis_url: RedisDsn = RedisDsn("redis://127.0.0.1:6379/0")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"] = "INFO"
    api_token: SecretStr | None = None
    max_body_bytes: int = Field(1_000_000, ge=1_000)
    chunk_words: int = Field(200, ge=1)
    task_retry_base_seconds: float = Field(60, ge=0)
    task_time_limit_seconds: int = Field(12, ge=2)
    visibility_timeout_seconds: int = Field(15, ge=3)
    soft_shutdown_seconds: float = Field(5, ge=0)

    @model_validator(mode="before")
    @classmethod
    def _level_in_any_case(cls, values: dict[str, object]) -> dict[str, object]:
        level = values.get("log_level")
        return {**values, "log_level": level.upper()} if isinstance(level, str) else values

    @model_validator(mode="after")
    def _late_enough(self) -> Self:
        if self.visibility_timeout_seconds <= self.task_time_limit_seconds:
            raise ValueError(
                "VISIBILITY_TIMEOUT_SECONDS must be above TASK_TIME_LIMIT_SECONDS: "
                "a task that still runs would be given to a second worker"
            )
        return self


@cache
def get_settings() -> Settings:
    return Settings()

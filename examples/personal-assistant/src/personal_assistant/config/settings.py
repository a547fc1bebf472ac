"""Every setting of the application, read from the environment; nothing else reads it.

Each process asks for the class that names what it cannot work without, so that a missing
secret ends it at its start and a process holds no secret that it has no use for.
"""

from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, HttpUrl, RedisDsn, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError


def _postgresql(url: str) -> str:
    try:
        parts = make_url(url)
    except ArgumentError as error:
        raise ValueError(f"not a database URL: {error}") from error
    if parts.drivername != "postgresql+psycopg":
        raise ValueError("must begin with postgresql+psycopg://")
    return url


def _content(variable: str, path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").removesuffix("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"{variable} cannot be read: {type(error).__name__}") from error


class Settings(BaseSettings):
    """An empty variable, or an empty file, counts as unset."""

    model_config = SettingsConfigDict(env_ignore_empty=True, frozen=True, hide_input_in_errors=True)

    environment: Literal["dev", "stage", "prod"] = "dev"
    database_url: Annotated[str, AfterValidator(_postgresql)] = (
        "postgresql+psycopg://assistant@127.0.0.1:5432/assistant"
    )
    database_password: SecretStr | None = None
    database_password_file: Path | None = None
    database_pool_size: int = Field(5, ge=1)
    database_max_overflow: int = Field(2, ge=0)
    redis_url: RedisDsn = RedisDsn("redis://127.0.0.1:6379/0")
    redis_password: SecretStr | None = None
    redis_password_file: Path | None = None
    cache_redis_url: RedisDsn = RedisDsn("redis://127.0.0.1:6380/0")
    cache_redis_password: SecretStr | None = None
    cache_redis_password_file: Path | None = None
    agent_url: HttpUrl = HttpUrl("http://127.0.0.1:8001")
    openai_api_key: SecretStr | None = None
    openai_api_key_file: Path | None = None
    model_url: HttpUrl = HttpUrl("https://api.openai.com/v1/chat/completions")
    model_name: str = "gpt-4o-mini"
    seed_api_key: SecretStr | None = Field(None, min_length=32)
    seed_api_key_file: Path | None = None
    store_timeout_seconds: float = Field(2, gt=0)
    otel_exporter_otlp_endpoint: HttpUrl | None = None
    prometheus_multiproc_dir: Path | None = None
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"] = "INFO"
    max_body_bytes: int = Field(1_000_000, ge=1_000)
    access_token_minutes: int = Field(15, ge=1)
    refresh_token_days: int = Field(30, ge=1)
    session_minutes: int = Field(60, ge=1)
    rate_limit_per_minute: int = Field(600, ge=1)
    task_retry_base_seconds: float = Field(2, ge=0)
    task_time_limit_seconds: int = Field(12, ge=5)
    visibility_timeout_seconds: int = Field(15, ge=6)
    soft_shutdown_seconds: float = Field(5, ge=0)
    worker_health_port: int | None = Field(None, ge=1, le=65535)

    @model_validator(mode="before")
    @classmethod
    def _files_and_levels(cls, values: dict[str, Any]) -> dict[str, Any]:
        found = dict(values)
        for name in [name for name in values if name.endswith("_file")]:
            secret = name.removesuffix("_file")
            if secret in values:
                raise ValueError(f"{secret.upper()} and {name.upper()} are both set")
            if content := _content(name.upper(), values[name]):
                found[secret] = content
        if isinstance(level := found.get("log_level"), str):
            found["log_level"] = level.upper()
        return found

    @model_validator(mode="after")
    def _late_enough(self) -> Self:
        if self.visibility_timeout_seconds <= self.task_time_limit_seconds:
            raise ValueError(
                "VISIBILITY_TIMEOUT_SECONDS must be above TASK_TIME_LIMIT_SECONDS: "
                "a task that still runs would be given to a second worker"
            )
        return self

    @property
    def database(self) -> URL:
        """With the password, which never passes through a text that would need quoting."""
        url = make_url(self.database_url)
        return url.set(password=plain(self.database_password)) if self.database_password else url


class ServiceSettings(Settings):
    """For the processes that the agent talks to, and for the agent."""

    agent_token: SecretStr = Field(min_length=32)
    agent_token_file: Path | None = None


class ApiSettings(ServiceSettings):
    jwt_secret: SecretStr = Field(min_length=32)
    jwt_secret_file: Path | None = None
    totp_key: SecretStr | None = Field(None, min_length=32)
    totp_key_file: Path | None = None


class SmsSettings(Settings):
    twilio_auth_token: SecretStr = Field(min_length=16)
    twilio_auth_token_file: Path | None = None
    public_url: HttpUrl = HttpUrl("http://127.0.0.1:8003")


def plain(secret: SecretStr | None) -> str | None:
    return secret.get_secret_value() if secret else None


@cache
def get_settings() -> Settings:
    return Settings()


@cache
def get_service_settings() -> ServiceSettings:
    return ServiceSettings()


@cache
def get_api_settings() -> ApiSettings:
    return ApiSettings()


@cache
def get_sms_settings() -> SmsSettings:
    return SmsSettings()

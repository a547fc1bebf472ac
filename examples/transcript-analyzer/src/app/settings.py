"""Every setting of the application, read from the environment; nothing else reads it."""

from functools import cache
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import quote, urlsplit, urlunsplit

from pydantic import AfterValidator, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

_SECRETS = ("redis_password", "secret_key")
_SECRET_KEY_LENGTH = 32


def _without_password(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("redis", "rediss") or not parts.hostname:
        raise ValueError("must be a Redis URL: redis://host:6379/0")
    if parts.password:
        raise ValueError("holds a password; give it as REDIS_PASSWORD or REDIS_PASSWORD_FILE")
    return url


class Settings(BaseSettings):
    """An empty variable counts as unset."""

    model_config = SettingsConfigDict(env_ignore_empty=True, frozen=True, hide_input_in_errors=True)

    redis_url: Annotated[str, AfterValidator(_without_password)] = "redis://127.0.0.1:6379/0"
    redis_password: SecretStr | None = None
    redis_password_file: Path | None = None
    secret_key: SecretStr | None = None
    secret_key_file: Path | None = None
    output_dir: Path = Path("output/jobs")
    prompts_dir: Path = Path("prompts")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"] = "INFO"
    cookie_secure: bool = True
    allowed_origins: str = ""
    trusted_proxies: int = Field(0, ge=0, le=10)
    max_body_bytes: int = Field(1_000_000, ge=1_000)
    max_sockets: int = Field(60, ge=1)
    job_ttl_seconds: int = Field(604_800, ge=60)
    task_time_limit_seconds: int = Field(12, ge=2)
    visibility_timeout_seconds: int = Field(15, ge=3)
    soft_shutdown_seconds: float = Field(5, ge=0)

    @model_validator(mode="before")
    @classmethod
    def _read(cls, values: dict[str, object]) -> dict[str, object]:
        """The log level in any case; secrets from the files that NAME_FILE variables name."""
        found = dict(values)
        if isinstance(level := found.get("log_level"), str):
            found["log_level"] = level.upper()
        for name in _SECRETS:
            if file := found.get(f"{name}_file"):
                if found.get(name):
                    raise ValueError(f"{name.upper()} and {name.upper()}_FILE are both set")
                found[name] = _content(name, Path(str(file)))
        return found

    @model_validator(mode="after")
    def _late_enough(self) -> Self:
        if self.visibility_timeout_seconds <= self.task_time_limit_seconds:
            raise ValueError(
                "VISIBILITY_TIMEOUT_SECONDS must be above TASK_TIME_LIMIT_SECONDS: "
                "a task that still runs would be given to a second worker"
            )
        return self

    def signing_key(self) -> str:
        """For the cookies; only the web application needs it, so the worker may go without."""
        key = self.secret_key.get_secret_value() if self.secret_key else ""
        if len(key) < _SECRET_KEY_LENGTH:
            raise ValueError(
                f"SECRET_KEY or SECRET_KEY_FILE must give at least {_SECRET_KEY_LENGTH} characters"
            )
        return key

    def origins(self) -> frozenset[str]:
        named = (origin.strip().rstrip("/") for origin in self.allowed_origins.split(","))
        return frozenset(origin for origin in named if origin)

    def redis_url_with_password(self, query: str = "") -> str:
        """For the libraries that take nothing but a URL. Never log it."""
        parts = urlsplit(self.redis_url)
        host = parts.netloc.rpartition("@")[2]
        user = quote(parts.username or "", safe="")
        password = self.redis_password.get_secret_value() if self.redis_password else ""
        account = f"{user}:{quote(password, safe='')}@" if password else f"{user}@" if user else ""
        every = "&".join(part for part in (parts.query, query) if part)
        return urlunsplit(parts._replace(netloc=account + host, query=every))


@cache
def get_settings() -> Settings:
    return Settings()


def _content(name: str, file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").removesuffix("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"{name.upper()}_FILE cannot be read: {error}") from error

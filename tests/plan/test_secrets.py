"""Stores, the variables that lead to them, and what is a secret of which kind."""

import pytest

from stackproof.model.facts import (
    Backend,
    CeleryApp,
    ConnectionPool,
    Fact,
    Flower,
    SecretFile,
    Variable,
)
from stackproof.model.parts import Pool
from stackproof.model.source import Place
from stackproof.model.stack import Need, Secret, Stack
from tests.plan.small import CELERY, JOBS, SHOP, asks, locked, service, stack

HERE = Place("shop/settings.py", 4)


def variable(name: str, default: str | None = None, *, required: bool = False, secret: bool = False) -> Variable:
    return Variable(name, default, required, secret, "str", HERE)


def redis(name: str | None = "REDIS_URL", default: str | None = None) -> Backend:
    return Backend("redis", name, default, HERE)


def postgres(name: str | None = "DATABASE_URL", default: str | None = None) -> Backend:
    return Backend("postgresql", name, default, HERE)


def file(name: str) -> SecretFile:
    return SecretFile(name, f"{name}_FILE", HERE)


def told(*facts: Fact) -> dict[str, str | None]:
    found = service("api", *SHOP, *facts).environment
    return {each.name: each.value for each in found if not each.settable and each.name != "FORWARDED_ALLOW_IPS"}


def names(planned: Stack) -> list[str]:
    return [each.name for each in planned.services if each.role == "store"]


# --- Redis


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ((), []),
        ((redis(),), ["redis"]),
        ((redis("CACHE_URL"),), ["redis"]),
        ((redis("CACHE_URL"), redis("SESSION_REDIS_URL")), ["redis"]),
        ((redis(), redis("CACHE_URL")), ["redis", "cache"]),
        ((redis("RATE_LIMIT_URL"), redis("CELERY_BROKER_URL")), ["redis", "cache"]),
        ((redis(None), redis("CACHE_URL")), ["redis"]),
        ((postgres(), redis()), ["redis", "postgres"]),
    ],
)
def test_the_roles_of_redis(facts: tuple[Fact, ...], expected: list[str]) -> None:
    assert names(stack(*SHOP, *facts)) == expected


def test_a_cache_may_forget_and_a_broker_may_not() -> None:
    planned = stack(*SHOP, redis(), redis("CACHE_URL"))
    assert planned.service("redis").command[-1] == "noeviction"
    assert planned.service("cache").command[-1] == "volatile-lru"
    assert "everysec" in planned.service("cache").command
    assert {volume.name for volume in planned.volumes} == {"redis", "cache"}
    assert planned.service("api").needs == (Need("redis"), Need("cache"))


def test_redis_reads_its_password_as_an_acl() -> None:
    planned = stack(*SHOP, redis(), environment="dev")
    assert planned.service("redis").secrets == ("redis-acl",)
    command = planned.service("redis").command
    assert command[command.index("--aclfile") + 1] == "@{secret.redis-acl}"
    password, acl = planned.secret("redis-password"), planned.secret("redis-acl")
    assert (password.kind, password.generated, acl.kind, acl.source) == (
        "password",
        True,
        "redis-acl",
        "redis-password",
    )
    assert not stack(*SHOP, redis()).secret("redis-password").generated


@pytest.mark.parametrize(
    ("default", "number"),
    [("redis://127.0.0.1:6379/3", 3), ("redis://x/y", 0), (None, 0)],
)
def test_redis_is_the_stacks_own(default: str | None, number: int) -> None:
    url = f"redis://:@{{reveal.redis-password}}@@{{redis.host}}:@{{redis.port}}/{number}"
    assert told(redis("ANY_URL", default))["ANY_URL"] == url
    assert service("api", *SHOP, redis("ANY_URL", default)).launched


@pytest.mark.parametrize(
    ("variable_name", "password"),
    [("REDIS_URL", "REDIS_PASSWORD"), ("CACHE_REDIS_URL", "CACHE_PASSWORD"), ("REDIS_CACHE_URI", "CACHE_PASSWORD")],
)
def test_a_password_apart_is_not_in_the_url(variable_name: str, password: str) -> None:
    found = told(redis(variable_name), file(password), variable(password, secret=True))
    assert found[variable_name] == "redis://@{redis.host}:@{redis.port}/0"
    assert found[f"{password}_FILE"] == "@{secret.redis-password}"
    assert found[password] is None
    assert not service("api", *SHOP, redis(variable_name), file(password)).launched


def test_a_password_that_is_read_from_the_environment_is_revealed() -> None:
    found = told(redis(), variable("REDIS_PASSWORD", secret=True))
    assert found["REDIS_PASSWORD"] == "@{reveal.redis-password}"
    assert found["REDIS_URL"] == "redis://@{redis.host}:@{redis.port}/0"


def test_host_and_port_apart() -> None:
    facts = (redis(None), variable("REDIS_HOST"), variable("REDIS_PORT"), variable("REDIS_DB", "0"))
    found = told(*facts)
    assert (found["REDIS_HOST"], found["REDIS_PORT"]) == ("@{redis.host}", "@{redis.port}")
    assert "REDIS_DB" not in found
    assert told(*facts, file("REDIS_PASSWORD"))["REDIS_PASSWORD_FILE"] == "@{secret.redis-password}"


def test_celery_finds_a_broker_that_no_variable_names() -> None:
    url = "redis://:@{reveal.redis-password}@@{redis.host}:@{redis.port}/0"
    found = {each.name: each.value for each in service("worker", *JOBS).environment}
    assert found["CELERY_BROKER_URL"] == url
    with_variable = {each.name for each in service("worker", *JOBS, redis()).environment}
    assert "CELERY_BROKER_URL" not in with_variable


def test_a_redis_that_is_given_is_not_brought() -> None:
    facts = (redis(), variable("REDIS_URL", required=True))
    planned = stack(*SHOP, CELERY, locked("redis", "8"), *facts, said='secrets.REDIS_URL = "given"')
    assert names(planned) == []
    assert planned.secret("redis-url") == Secret("redis-url", "given", planned.secret("redis-url").because)
    assert planned.service("api").networks == ("front", "out")
    assert [note.about for note in planned.notes] == ["tasks", "broker"]
    found = {each.name: each.value for each in planned.service("worker").environment}
    assert found["REDIS_URL"] == "@{reveal.redis-url}"


def test_a_store_that_no_variable_names_is_noted() -> None:
    assert [note.about for note in stack(*SHOP, redis(None)).notes] == ["redis"]


# --- PostgreSQL


@pytest.mark.parametrize(
    ("default", "facts", "begin", "end"),
    [
        ("postgresql+asyncpg://ann@localhost/books", (), "postgresql+asyncpg://ann:", "/books"),
        ("postgres://localhost", (), "postgres://shop:", "/shop"),
        (None, (), "postgresql://shop:", "/shop"),
        (None, (locked("psycopg", "3"), locked("sqlalchemy", "2")), "postgresql+psycopg://shop:", "/shop"),
        ("postgresql://a-b@h/c-d", (), "postgresql://shop:", "/shop"),
    ],
)
def test_the_url_is_as_the_code_has_it(default: str | None, facts: tuple[Fact, ...], begin: str, end: str) -> None:
    url = told(postgres(default=default), *facts)["DATABASE_URL"]
    assert url == f"{begin}@{{reveal.postgres-password}}@@{{postgres.host}}:@{{postgres.port}}{end}"


def test_a_database_password_apart() -> None:
    found = told(postgres(), file("DATABASE_PASSWORD"))
    assert found["DATABASE_URL"] == "postgresql://shop@@{postgres.host}:@{postgres.port}/shop"
    assert found["DATABASE_PASSWORD_FILE"] == "@{secret.postgres-password}"


def test_the_parts_of_an_address() -> None:
    read = ("DB_HOST", "DB_PORT", "DB_USER", "DB_NAME")
    found = told(postgres(None), *(variable(name) for name in read), variable("DB_PASSWORD", secret=True))
    assert found["DB_USER"] == found["DB_NAME"] == "shop"
    assert found["DB_PASSWORD"] == "@{reveal.postgres-password}"


def test_the_server() -> None:
    planned = stack(*SHOP, postgres())
    server = planned.service("postgres")
    assert (server.uid, server.gid, server.scratch, server.secrets) == (
        999, 999, ("/var/run/postgresql",), ("postgres-password",),
    )  # fmt: skip
    assert {each.name: each.value for each in server.environment} == {
        "POSTGRES_USER": "shop", "POSTGRES_DB": "shop", "POSTGRES_PASSWORD_FILE": "@{secret.postgres-password}",
    }  # fmt: skip
    assert server.health
    assert server.health.kind == "postgres"


def test_a_file_is_not_the_database_where_there_is_a_server() -> None:
    planned = stack(*SHOP, postgres(), Backend("sqlite", "DATABASE_URL", "sqlite:///data/x.db", HERE))
    assert planned.sqlite == ()
    assert names(planned) == ["postgres"]


def test_connections_for_every_pool() -> None:
    pool = ConnectionPool(3, 2, "POOL_SIZE", None, HERE)
    celery = CeleryApp("shop.jobs", "app", False, HERE)
    said = 'services.api.workers = 4\nservices.pulse.command = ["python", "pulse.py"]'
    planned = stack(*SHOP, *JOBS, celery, postgres(), pool, said=said)
    assert planned.database
    assert planned.database.pools == (Pool("api", 5, 4), Pool("worker", 5, 3), Pool("pulse", 5, 1))
    assert planned.database.max_connections == 100  # two replicas each: 80, and 20 in reserve
    assert "max_connections=100" in planned.service("postgres").command
    dev = stack(*SHOP, postgres(), said="services.api.workers = 4", environment="dev")
    assert dev.database
    assert dev.database.pools == (Pool("api", 15, 1),)
    assert (dev.database.max_connections, dev.database.backup) == (50, None)


def test_the_database_is_dumped_in_stage_and_prod() -> None:
    planned = stack(*SHOP, postgres(), said="backup = {every_hours = 0.5, keep = 3}")
    backup = planned.service("backup")
    values = {each.name: each.value for each in backup.environment}
    assert (values["BACKUP_EVERY_SECONDS"], values["BACKUP_KEEP"]) == ("1800", "3")
    assert backup.command == ("sh", "/opt/stackproof/stackproof_backup.sh", "loop")
    assert {volume.name for volume in planned.volumes} == {"postgres", "backup"}
    assert not stack(*SHOP, postgres(), environment="dev").has("backup")


# --- secrets of the application


JWT = variable("JWT_SECRET", required=True, secret=True)


@pytest.mark.parametrize(
    ("facts", "said", "kind"),
    [
        ((JWT,), "", "password"),
        ((variable("JWT_SECRET", secret=True),), "", None),
        ((variable("JWT_SECRET", "changeme", secret=True),), "", "password"),
        ((variable("JWT_SECRET", secret=True), file("JWT_SECRET")), "", "password"),
        ((file("JWT_SECRET"),), "", "password"),
        ((JWT,), 'secrets.JWT_SECRET = "given"', "given"),
        ((JWT,), 'secrets.JWT_SECRET = "unset"', None),
        ((variable("JWT_SECRET"),), "", None),
        ((variable("JWT_SECRET"),), 'secrets.JWT_SECRET = "generated"', "password"),
        ((variable("OPENAI_API_KEY", required=True, secret=True),), "", "given"),
        ((variable("OPENAI_API_KEY", "sk-1", secret=True),), "", None),
        ((variable("OPENAI_API_KEY", secret=True), file("OPENAI_API_KEY")), "", None),
        ((variable("OPENAI_API_KEY", secret=True),), 'secrets.OPENAI_API_KEY = "given"', "given"),
    ],
)
def test_what_becomes_a_secret(facts: tuple[Fact, ...], said: str, kind: str | None) -> None:
    assert [secret.kind for secret in stack(*SHOP, *facts, said=f"proxy = false\n{said}").secrets] == (
        [kind] if kind else []
    )


def test_one_that_the_code_can_do_without_need_not_be_given() -> None:
    optional = variable("OPENAI_API_KEY", secret=True)
    planned = stack(*SHOP, optional, said='secrets.OPENAI_API_KEY = "given"')
    assert not planned.secret("openai-api-key").required


def test_a_secret_is_a_file_where_the_code_reads_one() -> None:
    assert told(JWT)["JWT_SECRET"] == "@{reveal.jwt-secret}"
    found = told(JWT, file("JWT_SECRET"), variable("JWT_SECRET_FILE", secret=True))
    assert (found["JWT_SECRET_FILE"], found["JWT_SECRET"]) == ("@{secret.jwt-secret}", None)


def test_what_is_unset_is_in_no_environment() -> None:
    said = 'secrets.JWT_SECRET = "unset"'
    facts = (JWT, file("JWT_SECRET"), variable("JWT_SECRET_FILE"))
    found = {each.name for each in service("api", *SHOP, *facts, said=said).environment}
    assert not found & {"JWT_SECRET", "JWT_SECRET_FILE"}


def test_flower_gets_what_importing_the_application_needs() -> None:

    facts = (
        *JOBS,
        JWT,
        variable("SMTP_TOKEN", secret=True),
        Flower(HERE),
        asks("flower"),
    )
    flower = service("flower", *facts)
    assert {"JWT_SECRET", "CELERY_BROKER_URL"} <= {each.name for each in flower.environment}
    assert "SMTP_TOKEN" not in {each.name for each in flower.environment}
    assert flower.secrets == ("redis-password", "jwt-secret")

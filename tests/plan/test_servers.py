"""Stores beside PostgreSQL and Redis: what their services look like, and what the code is told of them."""

import pytest

from stackproof.model import support
from stackproof.model.backend_facts import Part
from stackproof.model.facts import AllowedHosts, Backend, BackendKind, Fact, Migration, Variable, WebApp
from stackproof.model.source import Place
from stackproof.model.stack import EnvironmentName, Stack
from stackproof.plan.server_kinds import SERVERS, Server
from tests.plan.small import ASGI, SHOP, asks, stack

SEEN = Place("shop/db.py", 4)


def told(found: Stack) -> dict[str, str | None]:
    return {each.name: each.value for each in found.service("api").environment}


def reads(name: str, default: str | None = None) -> Variable:
    return Variable(name, default, default is None, False, "str", SEEN)


@pytest.mark.parametrize("environment", ["dev", "stage", "prod"])
@pytest.mark.parametrize(
    ("kind", "name", "url"),
    [
        ("mysql", "mysql", "mysql://shop:@{reveal.mysql-password}@@{mysql.host}:@{mysql.port}/shop"),
        ("mongodb", "mongodb", "mongodb://shop:@{reveal.mongodb-password}@@{mongodb.host}:@{mongodb.port}/shop?authSource=admin"),
        ("rabbitmq", "rabbitmq", "amqp://shop:@{reveal.rabbitmq-password}@@{rabbitmq.host}:@{rabbitmq.port}/%2F"),
        ("elasticsearch", "elasticsearch", "http://@{elasticsearch.host}:@{elasticsearch.port}"),
        ("opensearch", "opensearch", "http://@{opensearch.host}:@{opensearch.port}"),
    ],
)  # fmt: skip
def test_the_url_of_each_in_each_environment(
    kind: BackendKind, name: str, url: str, environment: EnvironmentName
) -> None:
    found = stack(*SHOP, Backend(kind, "SERVER", None, SEEN), environment=environment)
    server = found.service(name)
    assert told(found)["SERVER"] == url
    assert server.health
    assert server.health.kind == "command"
    assert (server.networks, server.uid > 0, [mount.volume for mount in server.mounts]) == (("back",), True, [name])
    assert bool(server.secrets) == (name in ("mysql", "mongodb", "rabbitmq"))


def test_a_driver_of_sqlalchemy_decides_about_the_scheme_of_mysql() -> None:
    fact = Backend("mysql", "DATABASE_URL", None, SEEN)
    assert (told(stack(*SHOP, asks("sqlalchemy"), asks("pymysql"), fact))["DATABASE_URL"] or "").startswith(
        "mysql+pymysql://"
    )
    own = Backend("mysql", "DATABASE_URL", "mysql+asyncmy://root@db/orders", SEEN)
    url = told(stack(*SHOP, own))["DATABASE_URL"]
    assert url == "mysql+asyncmy://shop:@{reveal.mysql-password}@@{mysql.host}:@{mysql.port}/orders"


def test_mail_is_caught_in_dev_alone() -> None:
    facts: tuple[Fact, ...] = (*SHOP, Backend("smtp", None, None, SEEN), reads("SMTP_HOST"), reads("SMTP_TLS", "true"))
    dev = stack(*facts, environment="dev")
    assert (told(dev)["SMTP_HOST"], told(dev)["SMTP_TLS"]) == ("@{mailpit.host}", "false")
    assert not dev.service("mailpit").mounts
    assert not stack(*facts).has("mailpit")


def test_a_password_that_stands_in_the_code_is_for_the_user_to_give() -> None:
    parts = (Part("host", None, "db"), Part("user", None, "orders"), Part("password", None, "hunter2"))
    found = stack(*SHOP, Backend("mysql", None, None, SEEN, parts))
    assert found.secret("mysql-password").kind == "given"
    assert "hunter2" not in repr(found)
    assert found.service("mysql").aliases == ("db",)
    literal = Backend("redis", None, "redis://:hunter2@queue/0", SEEN)
    assert stack(*SHOP, literal).secret("redis-password").kind == "given"


def test_without_a_password_in_the_code_redis_asks_for_none() -> None:
    found = stack(*SHOP, Backend("redis", None, "redis://queue:6379/0", SEEN))
    server = found.service("redis")
    assert (server.aliases, server.secrets) == (("queue",), ())
    assert "--protected-mode" in server.command


def test_a_server_whose_address_is_given_is_not_brought() -> None:
    parts = (Part("host", "DB_HOST", None),)
    said = '[secrets]\nDB_HOST = "given"\n'
    found = stack(*SHOP, reads("DB_HOST"), Backend("mysql", None, None, SEEN, parts), said=said)
    assert not found.has("mysql")


@pytest.mark.parametrize(("separator", "expected"), [(",", "shop.example,127.0.0.1,localhost,api"), (" ", None)])
def test_allowed_hosts_let_the_health_check_in(separator: str, expected: str | None) -> None:
    fact = AllowedHosts((), "HOSTS", separator, SEEN)
    found = told(stack(*SHOP, reads("HOSTS", "shop.example"), fact))
    assert found["HOSTS"] == expected or found["HOSTS"] == "shop.example 127.0.0.1 localhost api"
    assert told(stack(*SHOP, reads("HOSTS", "*"), fact))["HOSTS"] == "*"


def test_hosts_that_stand_in_the_code_are_said() -> None:
    shut = AllowedHosts(("shop.example",), None, ",", SEEN)
    assert [note.about for note in stack(*SHOP, shut).notes if note.about == "ALLOWED_HOSTS"]
    other = AllowedHosts(("*",), None, ",", SEEN)
    assert not [note for note in stack(*SHOP, shut, other).notes if note.about == "ALLOWED_HOSTS"]


def test_flask_migrate_without_an_object_looks_for_one_itself() -> None:
    fact = Migration("flask", "migrations/alembic.ini", ("migrations",), SEEN)
    facts = (*(each for each in SHOP if not isinstance(each, WebApp)), ASGI, fact)
    assert stack(*facts).service("migrate").command == ("flask", "db", "upgrade")


def test_a_server_of_the_worlds_is_reached_and_not_brought() -> None:
    mail = Backend("smtp", None, None, SEEN, (Part("host", None, "smtp.gmail.com"),))
    found = stack(*SHOP, mail, environment="dev")
    assert not found.has("mailpit")
    assert "out" in found.service("api").networks


@pytest.mark.parametrize("row", SERVERS.values(), ids=lambda row: row.name)
def test_the_image_of_each_belongs_to_a_line_whose_end_is_known_or_said_to_be_unknown(row: Server) -> None:
    software, _, tag = row.image.rpartition("/")[2].partition(":")
    assert support.line(software, tag.removeprefix("v").partition("-")[0])
    assert software in support.SOURCES

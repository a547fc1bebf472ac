"""What tells one kind of server from another: schemes of URLs, names of variables, drivers."""

import re

from stackproof.detect import requirements
from stackproof.model.facts import BackendKind
from stackproof.model.source import SourceTree

_SCHEMES: tuple[tuple[str, BackendKind], ...] = (
    (r"(?:rediss?|valkeys?|redis\+socket)://", "redis"),
    (r"postgres(?:ql)?(?:\+\w+)?://|postgis://", "postgresql"),
    (r"(?:mysql|mariadb)(?:\+\w+)?://", "mysql"),
    (r"mongodb(?:\+srv)?://", "mongodb"),
    (r"(?:amqps?|pyamqp|librabbitmq)://", "rabbitmq"),
    (r"elasticsearch2?://", "elasticsearch"),
    (r"(?:smtp|submission)s?(?:\+\w+)?://", "smtp"),
    (r"sqlite(?:\+\w+)?://", "sqlite"),
)
_NAMES: tuple[tuple[str, BackendKind], ...] = (
    (r"(?:REDIS|VALKEY).*(?:URL|URI|DSN)$|(?:BROKER|RESULT_BACKEND|CACHE)(?:_URL|_URI)?$", "redis"),
    (r"(?:POSTGRES|POSTGRESQL|PG).*(?:URL|URI|DSN)$|(?:DATABASE|DB)_(?:URL|URI|DSN)$", "postgresql"),
    (r"(?:MYSQL|MARIADB).*(?:URL|URI|DSN)$|(?:DATABASE|DB)_(?:URL|URI|DSN)$", "mysql"),
    (r"MONGO(?:DB)?.*(?:URL|URI|DSN)$|(?:DATABASE|DB)_(?:URL|URI|DSN)$", "mongodb"),
    (r"(?:AMQP|RABBIT(?:MQ)?).*(?:URL|URI|DSN)$|BROKER(?:_URL|_URI)?$|CLOUDAMQP_URL$", "rabbitmq"),
    (r"(?:ELASTIC|ELASTICSEARCH|ES).*(?:URL|URI)S?$|ELASTICSEARCH$", "elasticsearch"),
    (r"OPENSEARCH.*(?:URL|URI)S?$|OPENSEARCH$", "opensearch"),
    (r"(?:S3|MINIO|AWS_S3|AWS).*ENDPOINT(?:_URL)?$", "s3"),
)
_HOSTS: tuple[tuple[str, BackendKind], ...] = (
    (r"(?:REDIS|VALKEY)_?(?:HOST|HOSTNAME|SERVER)$", "redis"),
    (r"(?:POSTGRES(?:QL)?|PG|DB|DATABASE|SQL)_?(?:HOST|HOSTNAME|SERVER)$", "postgresql"),
    (r"(?:MYSQL|MARIADB|DB|DATABASE|SQL)_?(?:HOST|HOSTNAME|SERVER)$", "mysql"),
    (r"MONGO(?:DB)?_?(?:HOST|HOSTNAME|SERVER)$", "mongodb"),
    (r"(?:RABBIT(?:MQ)?|AMQP)_?(?:HOST|HOSTNAME|SERVER)$", "rabbitmq"),
    (r"(?:ELASTICSEARCH|ELASTIC|ES)_?HOSTS?$", "elasticsearch"),
    (r"OPENSEARCH_?HOSTS?$", "opensearch"),
    (r"(?:SMTP|E?MAIL)_?(?:HOST|HOSTNAME|SERVER)$", "smtp"),
)
_DRIVERS: dict[BackendKind, frozenset[str]] = {
    "redis": frozenset({"redis", "aioredis", "valkey", "django-redis", "rq", "arq", "redis-om", "coredis"}),
    "postgresql": frozenset({"psycopg", "psycopg-binary", "psycopg2", "psycopg2-binary", "asyncpg", "pg8000"}),
    "mysql": frozenset({
        "mysqlclient", "pymysql", "aiomysql", "asyncmy", "mysql-connector-python", "mariadb", "flask-mysqldb",
    }),
    "mongodb": frozenset({
        "pymongo", "motor", "beanie", "mongoengine", "odmantic", "flask-pymongo", "flask-mongoengine", "djongo",
        "django-mongodb-backend",
    }),
    "rabbitmq": frozenset({"pika", "aio-pika", "kombu", "amqp", "aioamqp", "aiormq", "nameko"}),
    "elasticsearch": frozenset({"elasticsearch", "elasticsearch-dsl", "django-elasticsearch-dsl"}),
    "opensearch": frozenset({"opensearch-py", "opensearch-dsl", "django-opensearch-dsl"}),
    "s3": frozenset({"boto3", "aioboto3", "aiobotocore", "minio", "django-storages", "s3fs"}),
}  # fmt: skip


def of_url(url: str) -> BackendKind | None:
    return next((kind for pattern, kind in _SCHEMES if re.match(pattern, url)), None)


def of_name(variable: str | None, drivers: frozenset[BackendKind]) -> BackendKind | None:
    """Of the server whose URL a variable holds, by its name, where the driver is there."""
    return _named(_NAMES, variable, drivers)


def of_host(variable: str | None, drivers: frozenset[BackendKind]) -> BackendKind | None:
    """The same for a variable that holds a host name. Mail needs no driver: Python has it."""
    return _named(_HOSTS, variable, drivers | {"smtp"})


def drivers(tree: SourceTree) -> frozenset[BackendKind]:
    """The kinds of servers that the project has a driver for. Celery talks to RabbitMQ by itself."""
    names = requirements.names(tree)
    found: set[BackendKind] = {kind for kind, packages in _DRIVERS.items() if names & packages}
    if "redis" in {*requirements.extras_of(tree, "celery"), *requirements.extras_of(tree, "kombu")}:
        found.add("redis")
    if names & {"celery", "dramatiq"} and "redis" not in found:
        found.add("rabbitmq")
    return frozenset(found)


def _named(
    names: tuple[tuple[str, BackendKind], ...], variable: str | None, drivers: frozenset[BackendKind]
) -> BackendKind | None:
    name = (variable or "").upper()
    return next(
        (kind for pattern, kind in names if kind in drivers and re.search(rf"(?:^|_)(?:{pattern})", name)), None
    )

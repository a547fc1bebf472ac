"""The URL of a store that is neither PostgreSQL nor Redis, as the driver that is there reads it."""

from stackproof.plan.given import Given
from stackproof.plan.stores import Store

_SCHEMES = {"mongodb": "mongodb", "rabbitmq": "amqp", "elasticsearch": "http", "opensearch": "http", "smtp": "smtp"}
_MYSQL = (
    ("aiomysql", "aiomysql"), ("asyncmy", "asyncmy"), ("pymysql", "pymysql"),
    ("mysql-connector-python", "mysqlconnector"), ("mysqlclient", "mysqldb"),
)  # fmt: skip


def url(given: Given, store: Store, default: str | None, revealed: bool) -> str:
    """`revealed`: with its password, because the code reads it nowhere else."""
    guarded = store.kind in ("mysql", "mongodb", "rabbitmq")
    who = f"{store.user}:@{{reveal.{store.password}}}@" if revealed and guarded else ""
    where = f"@{{{store.name}.host}}:@{{{store.name}.port}}"
    return f"{_scheme(given, store, default)}://{who}{where}{_path(store, who)}"


def _path(store: Store, who: str) -> str:
    if store.kind == "mongodb":  # the user is one of the whole server
        return f"/{store.database}" + ("?authSource=admin" if who else "")
    return {"mysql": f"/{store.database}", "rabbitmq": "/%2F"}.get(store.kind, "")


def _scheme(given: Given, store: Store, default: str | None) -> str:
    """The code's own for a database; else what SQLAlchemy needs for the driver that is there."""
    if store.kind != "mysql":
        return _SCHEMES[store.kind]
    if default and "://" in default:
        return default.partition("://")[0]
    driver = next((name for package, name in _MYSQL if given.installed(package)), None)
    return f"mysql+{driver}" if driver and given.installed("sqlalchemy") else "mysql"

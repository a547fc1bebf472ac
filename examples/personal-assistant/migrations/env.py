"""Migrations, over the connection that the settings name; of several at once, one does the work."""

from alembic import context
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from personal_assistant.config import logs
from personal_assistant.config.settings import get_settings
from personal_assistant.database.models import Base

# Any number that nothing else in this database locks; the lock ends with the transaction.
_LOCK = 7_348_001


def _migrate() -> None:
    settings = get_settings()
    logs.configure(settings.log_level)
    engine = create_engine(
        settings.database, poolclass=NullPool, connect_args={"connect_timeout": 5}
    )
    with engine.connect() as connection:
        context.configure(connection=connection, target_metadata=Base.metadata)
        with context.begin_transaction():
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            context.run_migrations()


if context.is_offline_mode():
    raise SystemExit("error: migrations need a database; there is no offline mode")
_migrate()

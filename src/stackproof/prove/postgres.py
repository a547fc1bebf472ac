"""Questions to the stack's PostgreSQL, asked by psql beside the server itself."""

import csv
import io

from stackproof.errors import ToolFailed, Unmeasurable
from stackproof.model.running import Completed, Running
from stackproof.model.stack import Database, Stack

DRILL = "stackproof_drill"
_FIX = "Look at the server's log with `stackproof logs`."
_GONE = f"DROP DATABASE IF EXISTS {DRILL} WITH (FORCE)"


def has_database(stack: Stack) -> bool:
    return stack.database is not None


def of(running: Running) -> Database:
    """Raises Unmeasurable where this runtime has left it out."""
    found = running.stack.database
    if found is None or not running.stack.has(found.service):
        raise Unmeasurable("There is no PostgreSQL on this runtime.", fix="Prove with --on docker.")
    return found


def rows(running: Running, *statements: str, database: str = "") -> tuple[tuple[str, ...], ...]:
    """What the statements give, each in a transaction of its own. Raises ToolFailed where one failed."""
    done = said(running, *statements, database=database)
    if done.exit_code != 0:
        words = (done.errors or done.output).strip()[-400:]
        raise ToolFailed(f"psql could not ask the database: {words or 'it did not end in time'}", fix=_FIX)
    return tuple(tuple(row) for row in csv.reader(io.StringIO(done.output)) if row)


def said(running: Running, *statements: str, database: str = "") -> Completed:
    """The command. It needs no password where the server is: in its container, or with the runtime's own pass file."""
    found = of(running)
    asked = [word for statement in statements for word in ("-c", statement)]
    argv = (
        "psql", "-X", "-q", "-t", "--csv", "-v", "ON_ERROR_STOP=1", "-w",
        "-U", found.user, "-d", database or found.name, *asked,
    )  # fmt: skip
    return running.run(found.service, argv, timeout=60.0)


def make_drill(running: Running) -> None:
    """A second, empty database beside the real one; one that was left is removed first."""
    rows(running, _GONE, f"CREATE DATABASE {DRILL} TEMPLATE template0")


def drop_drill(running: Running) -> None:
    rows(running, _GONE)

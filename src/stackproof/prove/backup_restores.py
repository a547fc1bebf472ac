"""SP406: a dump that the backup made, restored into an empty database, has the same rows."""

import re
from collections.abc import Iterator

from stackproof.errors import Unmeasurable
from stackproof.model.proof import Claim, Judgement, Measurement
from stackproof.model.running import Bench, Completed, Running
from stackproof.model.stack import Bounds, Service, Stack
from stackproof.prove import postgres
from stackproof.prove.verdicts import Row, held, rows, text, texts, unmeasured

_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
# One row with the name, the number of rows, and a checksum over all of them in an order of their own.
_TOLD = "SELECT '{0}', count(*), coalesce(md5(string_agg(t::text, E'\\n' ORDER BY t::text)), '') FROM public.\"{0}\" t"
_MADE = re.compile(r"^backup: made (\S+)$", re.MULTILINE)
_TRIES = 5  # a stack that works writes now and then, also while it is dumped
_WITHIN = 300.0


def applies(stack: Stack) -> bool:
    return stack.database is not None and stack.database.backup is not None


def _measure(bench: Bench) -> Measurement:
    running = bench.running()
    service = _service(running)
    for _ in range(_TRIES):
        before = _tables(running)
        made = _script(running, service, "once")
        if made.exit_code != 0 or (after := _tables(running)) == before:
            break
    else:
        after = {}
    dump = found[1] if (found := _MADE.search(made.output)) else ""
    restored, kept = _restored(running, service, dump) if dump and after else (made, {})
    return Measurement(
        f"{sum(int(count) for count, _ in kept.values())} rows",
        "one dump by the backup's own script, restored by it into an empty database on the same server, which is "
        "dropped again; the number of rows and a checksum of each table in both",
        {
            "dump": dump,
            "settled": bool(after),
            "code": made.exit_code if not dump else restored.exit_code,
            "said": ((restored.errors or restored.output) if dump else (made.errors or made.output)).strip()[-300:],
            "tables": [
                {"name": name, "rows": told[0], "sum": told[1], "restored": [*kept.get(name, ("", ""))]}
                for name, told in before.items()
            ],
        },
        (made, restored),
    )


def _service(running: Running) -> Service:
    base = running.stack.database
    if base is None or base.backup is None or not running.stack.has(base.backup):
        raise Unmeasurable("There is no backup on this runtime.", fix="Prove with --on docker.")
    return running.stack.service(base.backup)


def _script(running: Running, service: Service, *words: str, database: str = "") -> Completed:
    """The service's own command, with other words after the script."""
    shell, script = service.command[:2]
    instead = ("env", f"PGDATABASE={database}") if database else ()
    return running.run(service.name, (*instead, shell, script, *words), timeout=_WITHIN)


def _tables(running: Running, database: str = "") -> dict[str, tuple[str, str]]:
    names = [row[0] for row in postgres.rows(running, _TABLES, database=database)]
    found = postgres.rows(running, *(_TOLD.format(name) for name in names), database=database) if names else ()
    return {name: (count, digest) for name, count, digest in found}


def _restored(running: Running, service: Service, dump: str) -> tuple[Completed, dict[str, tuple[str, str]]]:
    postgres.make_drill(running)
    try:
        done = _script(running, service, "restore", dump, database=postgres.DRILL)
        return done, _tables(running, postgres.DRILL) if done.exit_code == 0 else {}
    finally:
        postgres.drop_drill(running)


def _judge(measurement: Measurement, _: Bounds) -> Judgement:
    found, tables = measurement.observed, rows(measurement, "tables")
    if problems := list(_problems(found, tables)):
        return held(problems, "")
    if not found["settled"]:
        return unmeasured(f"the database changed during each of {_TRIES} dumps: there is nothing to compare with")
    filled = [row for row in tables if row["rows"] != "0"]
    if not filled:
        return unmeasured("the database has no rows that could be lost; let a job or a task of the proof write some")
    total = sum(int(text(row, "rows")) for row in tables)
    return held((), f"{total} rows in {len(tables)} tables ({len(filled)} of them not empty) are the same")


def _problems(found: Row, tables: tuple[Row, ...]) -> Iterator[str]:
    if found["code"] != 0:
        what = "the dump could not be restored" if found["dump"] else "no dump was made"
        yield f"{what} (code {found['code']}): {found['said']}"
        return
    if not found["settled"]:
        return
    if not tables:
        yield "the database has no table"
    for row in tables:
        count, digest = texts(row, "restored")
        if not count:
            yield f"the table {row['name']} is not in the restored database"
        elif count != row["rows"]:
            yield f"the table {row['name']} has {row['rows']} rows, and {count} after it was restored"
        elif digest != row["sum"]:
            yield f"the {row['rows']} rows of {row['name']} are other ones after they were restored"


CLAIM = Claim(
    id="SP406-backup-restores",
    group="fault",
    says="A dump of the backup, restored into an empty database, has the same rows.",
    measure=_measure,
    judge=_judge,
    applies=applies,
)

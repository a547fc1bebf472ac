"""SP318: the schema is brought up once, by one job, and migrations lead up, down and up again."""

from collections.abc import Iterator
from typing import cast

from stackproof.model.parts import Migrations
from stackproof.model.proof import Claim, Json, Judgement, Measurement
from stackproof.model.running import Bench, Event, Running
from stackproof.model.stack import Bounds, Database, Service, Stack
from stackproof.prove import from_inside, postgres, present
from stackproof.prove.verdicts import Row, held, row_in, rows, text, texts, whole

_SCHEMA = (
    "SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns "
    "WHERE table_schema = 'public' ORDER BY 1, 2",
    "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1, 2",
)
_OWN = ("alembic_version", "django_migrations")  # of the tools themselves, which stay
_WITHIN = 120.0


def applies(stack: Stack) -> bool:
    return stack.database is not None and stack.database.migrations is not None


def _measure(bench: Bench) -> Measurement:
    running = bench.running()
    base = postgres.of(running)
    tool = cast(Migrations, base.migrations)
    member, *_ = present.neighbour(running, base.service)
    now = running.run(member.name, tool.current, timeout=_WITHIN)
    postgres.make_drill(running)
    try:
        drilled: list[Json] = [*_drilled(running, member, base, tool)]
    finally:
        postgres.drop_drill(running)
    return Measurement(
        f"{len(drilled)} steps",
        f"{tool.tool} in {member.name} against a second, empty database on the same server, which is dropped again; "
        "and what the runtime tells about the job that migrates",
        {
            "job": _job(running.events(), tool.service),
            "current": {"code": now.exit_code, "said": (now.output + now.errors).strip()[-300:]},
            "tool": tool.tool,
            "steps": drilled,
        },
        (now,),
    )


def _job(events: tuple[Event, ...], name: str) -> dict[str, Json]:
    of_job = [event for event in events if event.service == name]
    starts = sum(event.what in ("started", "restarted") for event in of_job)
    return {"name": name, "starts": starts, "ends": [event.detail for event in of_job if event.what == "exited"]}


def _drilled(running: Running, member: Service, base: Database, tool: Migrations) -> Iterator[dict[str, Json]]:
    variables: list[Json] = [*_variables(member, base)]
    ways = [("up", tool.up), ("down", tool.down), ("up again", tool.up)]
    for way, words in ways:
        command: Json = [[*words]]
        found, _ = from_inside.look(
            running, member.name, "migrating", variables, base.name, postgres.DRILL, command, timeout=_WITHIN
        )
        (ran,) = cast(list[Row], found["ran"])
        yield {"way": way, **ran, "schema": _schema(running)}
        if ran["code"]:
            return


def _variables(member: Service, base: Database) -> Iterator[str]:
    """That say which database it is."""
    reference = f"@{{{base.service}.host}}"
    for each in member.environment:
        if (reference in (each.value or "") and "://" in (each.value or "")) or each.value == base.name:
            yield each.name


def _schema(running: Running) -> list[Json]:
    """One line for each column and index; the tool's own tables stand for no step."""
    found = postgres.rows(running, *_SCHEMA, database=postgres.DRILL)
    return [" ".join(row) for row in found if row[0] not in _OWN]


def _judge(measurement: Measurement, _: Bounds) -> Judgement:
    steps = rows(measurement, "steps")
    tables = {line.split()[0] for line in texts(steps[0], "schema")} if steps else set()
    ways = ", ".join(text(step, "way") for step in steps)
    job = row_in(measurement.observed, "job") or {}
    return held(
        _problems(measurement.observed, steps),
        f"{job['name']} ran once, and the schema is at its head; on an empty database: {ways} ({len(tables)} tables)",
    )


def _problems(found: Row, steps: tuple[Row, ...]) -> Iterator[str]:
    yield from _of_job(row_in(found, "job") or {})
    yield from _of_state(text(found, "tool"), row_in(found, "current") or {})
    for step in steps:
        if step["code"]:
            yield f"{step['way']}: `{step['command']}` ended with code {step['code']}: {_last(text(step, 'said'))}"
    by_way = {text(step, "way"): texts(step, "schema") for step in steps if not step["code"]}
    if "up" in by_way and not by_way["up"]:
        yield "up makes no table: the second database is not the one that was migrated, or there is no migration"
    if left := by_way.get("down"):
        yield f"down leaves {left[0].split()[0]} behind"
    if "up again" in by_way and by_way["up again"] != by_way["up"]:
        yield f"up again makes another schema: {_difference(by_way['up'], by_way['up again'])}"


def _of_job(job: Row) -> Iterator[str]:
    if whole(job, "starts") != 1:
        yield f"{job['name']} was started {job['starts']} times, not once"
    for end in texts(job, "ends"):
        if not end.startswith("exit code 0"):
            yield f"{job['name']} ended with {end}"


def _of_state(tool: str, current: Row) -> Iterator[str]:
    said = text(current, "said")
    if current["code"] != 0:
        yield f"the tool does not say where the schema is: {_last(said)}"
    elif (tool == "alembic" and "(head)" not in said) or (tool == "django" and "[ ]" in said):
        yield f"the schema is not at its head: {_last(said) or 'no migration was applied'}"


def _last(said: str) -> str:
    """The line that names the error, else the last one."""
    lines = said.strip().splitlines() or [""]
    return next((line for line in reversed(lines) if "Error" in line), lines[-1])[:200]


def _difference(first: tuple[str, ...], second: tuple[str, ...]) -> str:
    return next(iter(sorted(set(first) ^ set(second))), "the order")


CLAIM = Claim(
    id="SP318-migrations",
    group="running",
    says="One job brings the schema up to date, once, and migrations lead up, down and up again.",
    measure=_measure,
    judge=_judge,
    applies=applies,
)

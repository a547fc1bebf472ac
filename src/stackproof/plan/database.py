"""PostgreSQL: the server, how many connections it must take, and the job that dumps it."""

from collections.abc import Iterator

from stackproof.model.facts import ConnectionPool, Migration
from stackproof.model.parts import Pool
from stackproof.model.settings import BackupSettings
from stackproof.model.stack import (
    Assignment,
    Because,
    Database,
    Health,
    Limits,
    Mount,
    Need,
    Service,
    Volume,
)
from stackproof.plan import knowledge, process, worker
from stackproof.plan.given import Given
from stackproof.plan.stores import POSTGRES, Store

BACKUP = "backup"
DATA = "/var/lib/postgresql/data"
SCRIPT = "stackproof_backup.sh"
_SCRIPTS = "/opt/stackproof"
_RESERVE = 20  # connections for administration, exporters, dumps
_STEP = 50
_POOL = 15  # SQLAlchemy's own: 5, and 10 more when they are all taken


def database(given: Given, store: Store, services: tuple[Service, ...]) -> Database:
    """`services`: those of the project's code."""
    pools = tuple(_pools(given, services))
    replicas = {service.name: service.replicas for service in services}
    most = sum(pool.size * pool.processes * replicas[pool.service] for pool in pools)
    migration = given.project.first(Migration)
    return Database(
        service=store.name,
        user=store.user,
        name=store.database,
        password=store.password,
        max_connections=-(-(most + _RESERVE) // _STEP) * _STEP,
        pools=pools,
        migrations=process.migrations(given, migration) if migration else None,
        backup=None if given.dev else BACKUP,
    )


def server(given: Given, store: Store, found: Database) -> Service:
    said = given.settings.service(store.name)
    port = said.port or 5432
    why = Because("the stack's own PostgreSQL", store.seen)
    return Service(
        name=store.name,
        role="store",
        image=knowledge.POSTGRES_IMAGE,
        built=False,
        command=(
            "postgres", "-c", "listen_addresses=@{self.bind}", "-c", "port=@{self.port}",
            "-c", f"max_connections={found.max_connections}",
        ),
        environment=(
            Assignment("POSTGRES_USER", store.user, settable=False, because=why),
            Assignment("POSTGRES_DB", store.database, settable=False, because=why),
            Assignment("POSTGRES_PASSWORD_FILE", f"@{{secret.{store.password}}}", settable=False, because=why),
        ),
        port=port,
        uid=knowledge.POSTGRES_UID,
        gid=knowledge.POSTGRES_UID,
        health=Health("postgres", "", port, interval=5.0),
        mounts=(Mount(DATA, volume=store.name),),
        # Each connection is a process.
        limits=Limits(said.memory_mb or 512, said.cpus or 1.0, said.pids or found.max_connections + 64),
        grace=said.grace or 30.0,
        networks=("back",),
        because=(
            Because("the code talks to PostgreSQL", store.seen),
            Because(f"{found.max_connections} connections: more than all pools together can open"),
        ),
        software="postgres",
        secrets=(store.password,),
        scratch=("/var/run/postgresql",),
    )  # fmt: skip


def backup(given: Given, store: Store) -> Service:
    said, asked = given.settings.service(BACKUP), given.settings.backup or BackupSettings()
    why = Because("what the dump is made of, when and how many are kept", given.settings.place("backup.every_hours"))
    values = {
        "PGHOST": f"@{{{store.name}.host}}", "PGPORT": f"@{{{store.name}.port}}",
        "PGUSER": store.user, "PGDATABASE": store.database,
        "BACKUP_PASSWORD_FILE": f"@{{secret.{store.password}}}", "BACKUP_FOLDER": DATA,
        "BACKUP_EVERY_SECONDS": f"{asked.every_hours * 3600:.0f}", "BACKUP_KEEP": str(asked.keep),
    }  # fmt: skip
    return Service(
        name=BACKUP,
        role="backup",
        image=knowledge.POSTGRES_IMAGE,
        built=False,
        command=("sh", f"{_SCRIPTS}/{SCRIPT}", "loop"),
        health=Health("backup", f"{_SCRIPTS}/{SCRIPT}", interval=60.0, timeout=10.0),
        environment=tuple(Assignment(name, value, settable=False, because=why) for name, value in values.items()),
        uid=knowledge.POSTGRES_UID,
        gid=knowledge.POSTGRES_UID,
        needs=(Need(store.name),),
        # The one folder of the image that its user owns, so that a new volume is writable.
        mounts=(
            Mount(DATA, volume=BACKUP),
            Mount(f"{_SCRIPTS}/{SCRIPT}", source=f"deploy/backup/{SCRIPT}", read_only=True),
        ),
        limits=Limits(said.memory_mb or 256, said.cpus or 0.5, said.pids or 64),
        grace=said.grace or 10.0,
        networks=("back",),
        because=(Because("the database is dumped to a volume on a schedule", store.seen),),
        software="postgres",
        secrets=(store.password,),
    )


def volume(store: Store) -> Volume:
    return Volume(BACKUP, Because("dumps of the database", store.seen))


def _pools(given: Given, services: tuple[Service, ...]) -> Iterator[Pool]:
    """Every process of the code may fill its pool; a Celery worker's parent has one too."""
    facts = given.project.all(ConnectionPool)
    size = sum(fact.size + fact.overflow for fact in facts) or _POOL
    for service in services:
        if service.waits_for(POSTGRES) and not service.one_shot and service.role != "monitor":
            yield Pool(service.name, size, _processes(given, service))


def _processes(given: Given, service: Service) -> int:
    if service.role == "worker":
        return worker.processes(given) + 1
    if service.role == "web":
        return 1 if given.dev else given.settings.service(service.name).workers or 1
    return given.settings.service(service.name).workers or 1

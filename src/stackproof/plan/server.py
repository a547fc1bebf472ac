"""A store that is neither PostgreSQL nor Redis as a service, from the row of its kind."""

from stackproof.model.stack import Assignment, Because, Health, Limits, Mount, Service, literal
from stackproof.plan.given import Given
from stackproof.plan.server_kinds import SERVERS
from stackproof.plan.stores import Store


def server(given: Given, store: Store) -> Service:
    said, row = given.settings.service(store.name), SERVERS[store.kind]
    why = Because(f"the stack's own {row.title}", store.seen)
    asks = row.guarded and not store.open
    variables = (*row.environment, *(row.login if asks else ()))
    reasons = () if asks else (Because(_open(row.guarded)),)
    return Service(
        name=store.name,
        role="store",
        image=row.image,
        built=False,
        command=tuple(_filled(store, word) for word in (row.start if asks and row.start else row.command)),
        environment=tuple(
            Assignment(name, _filled(store, value), settable=False, because=why) for name, value in variables
        ),
        port=row.port,
        uid=row.uid,
        gid=row.gid,
        health=Health(
            "command", _filled(store, row.health if asks else row.health_open or row.health), row.port, interval=10.0,
            timeout=8.0, start_interval=2.0, start_period=120.0,
        ),
        mounts=(Mount(row.data, volume=store.name),) if row.data else (),
        limits=Limits(said.memory_mb or row.memory_mb, said.cpus or 1.0, said.pids or row.pids),
        grace=said.grace or row.grace,
        networks=("back",),
        read_only=row.read_only,
        because=(Because(f"the code talks to {row.title}", store.seen), *reasons),
        software=row.software,
        secrets=(store.password,) if asks else (),
        scratch=row.scratch,
        aliases=store.aliases,
    )  # fmt: skip


def _open(guarded: bool) -> str:
    if guarded:
        return "it asks for no password, because the code gives none: only the stack's inner network protects it"
    return "it asks for no password: only the stack's inner network protects it"


def _filled(store: Store, text: str) -> str:
    """The user's and the database's names are plain; the secret is a file."""
    if "@{" in text or "{" not in text:
        return text
    return text.format(
        user=literal(store.user), database=literal(store.database), secret=f"@{{secret.{store.password}}}"
    )

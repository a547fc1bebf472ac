"""What a reader must know of the stores: addresses that stand in the code, and servers that nobody brings."""

from collections.abc import Iterator

from stackproof.model.facts import Ambiguity, Backend
from stackproof.plan.given import Given
from stackproof.plan.server_kinds import SERVERS
from stackproof.plan.stores import LOOPBACK, Store, host, outside


def notes(given: Given, found: tuple[Store, ...]) -> Iterator[Ambiguity]:
    for store in found:
        yield from (_address(store, backend) for backend in store.backends if _stands(backend))
        yield from _brought(store)
    for backend in given.project.all(Backend):
        if backend.kind == "s3" and not outside(given, backend):
            yield _s3(backend)


def _stands(backend: Backend) -> bool:
    """Nothing but the code says where it is."""
    part = backend.part("host")
    return not (part.variable if part else backend.variable)


def _address(store: Store, backend: Backend) -> Ambiguity:
    name, way = host(backend), "read its URL from an environment variable"
    if name in LOOPBACK:
        because = f"the code looks for it on {name}: in a container that is the container itself, and nobody is there"
        return Ambiguity(store.name, store.name, (), because, way, backend.seen)
    if store.written:
        because = f"host and password stand in the code: write the same password to the secret {store.password}"
        return Ambiguity(store.name, name or store.name, (), because, way, backend.seen)
    because = "no variable says where it is: the code must find it, and its password, by itself"
    if name:
        because = f"the code has its host name written down: the service answers to {name}"
    return Ambiguity(store.name, name or store.name, (), because, way, backend.seen)


def _brought(store: Store) -> Iterator[Ambiguity]:
    """A server of another make may be meant."""
    if store.kind in SERVERS and store.kind != "smtp":
        row, variable = SERVERS[store.kind], _variable(store)
        because = f"the stack brings {row.image}; one of your own, or another version, is given by its address"
        setting = f'secrets.{variable} = "given"' if variable else "read its URL from an environment variable"
        yield Ambiguity(row.title, row.image, (), because, setting, store.seen)


def _variable(store: Store) -> str | None:
    names = (backend.variable or _host_variable(backend) for backend in store.backends)
    return next((name for name in names if name), None)


def _host_variable(backend: Backend) -> str | None:
    part = backend.part("host")
    return part.variable if part else None


def _s3(backend: Backend) -> Ambiguity:
    because = (
        "the code stores objects in S3, and the stack brings no server for that: MinIO has published no image "
        "since September 2025, and its folder belongs to root"
    )
    return Ambiguity("S3", "yours", (), because, f"the environment variable {_s3_name(backend)}", backend.seen)


def _s3_name(backend: Backend) -> str:
    return backend.variable or _host_variable(backend) or "of its address, once the code reads one"

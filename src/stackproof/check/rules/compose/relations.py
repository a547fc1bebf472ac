"""What services of one Compose file have to do with each other, and with the files beside it."""

import posixpath
import re
from collections.abc import Iterator, Mapping

from stackproof.check.rules.compose.looking import (
    CACHES,
    Looked,
    Node,
    is_secret,
    node,
    nodes,
    of,
    read_at,
    services,
    text,
)
from stackproof.model.findings import Inspected
from stackproof.model.source import Place, SourceTree

# What scanners try first.
WEAK = frozenset(
    {"password", "passwd", "postgres", "root", "admin", "secret", "changeme", "change-me", "change_me", "guest"}
    | {"example", "test", "123456", "12345678", "1234", "mysql", "redis", "rabbitmq", "minioadmin", "letmein", "pass"}
)
_URL_PASSWORD = re.compile(r"://[^/:@\s]*:([^/@\s]+)@")
_EXAMPLES = (".example", ".sample", ".template", ".dist")


def awaited_to_complete(service: Looked) -> bool:
    """Another waits for its end: it is a job."""
    waiting = (other.needs.get(service.name, {}) for other in of(service.composition))
    return any(need.get("condition") == "service_completed_successfully" for need in waiting)


def written(service: Looked) -> Iterator[tuple[str, str, Place]]:
    """The variables whose values stand in the Compose file itself: name, value, place."""
    files = {service.at("env_file", number) for number, _ in enumerate(nodes(service.spec.get("env_file")))}
    for name, value in service.environment.items():
        at = service.at("environment", name)
        if at not in files and not read_at(service.composition, at):
            yield name, value, at


def secret_in(name: str, value: str) -> str:
    """What of a variable's value is secret: all of it, the password of a URL in it, or nothing ("")."""
    found = _URL_PASSWORD.search(value)
    return value if is_secret(name) else found[1] if found else ""


def store_of(service: Looked, name: str) -> Looked | None:
    """The data store of this name in the same file."""
    spec = service.composition.services().get(name)
    other = Looked(service.composition, name, spec) if spec is not None else None
    return other if other and other.is_store else None


def brokers(inspected: Inspected) -> Iterator[Looked]:
    """Redis services that a variable with BROKER in its name points to."""
    for service in services(inspected):
        values = [
            value
            for other in of(service.composition)
            for name, value in other.environment.items()
            if "BROKER" in name.upper()
        ]
        hosts = {value.partition("://")[2].rpartition("@")[2].partition(":")[0].partition("/")[0] for value in values}
        if service.is_store and service.image.name in CACHES and service.name in hosts:
            yield service


def option(words: tuple[str, ...], *names: str) -> str | None:
    """The value of an option of a command, "" where it is the last word; None where it is not there."""
    for number, word in enumerate(words):
        name, given, value = word.partition("=")
        if name in names:
            return value if given else next(iter(words[number + 1 : number + 2]), "")
    return None


def mentioned(spec: Node, kind: str) -> Iterator[str]:
    """The volumes, networks, secrets or configs that a service names."""
    own = spec.get(kind)
    if kind == "networks":
        yield from node(own)
        return
    for each in (*nodes(own), *(nodes(node(spec.get("build")).get(kind)) if kind == "secrets" else ())):
        if each.get("source") and (kind != "volumes" or each.get("type") == "volume"):
            yield text(each["source"])


def reached(needs: Mapping[str, tuple[str, ...]], start: str) -> frozenset[str]:
    """Everything that `start` waits for, directly or by way of others."""
    found: set[str] = set()
    left = list(needs.get(start, ()))
    while left:
        if (name := left.pop()) not in found:
            found.add(name)
            left += needs.get(name, ())
    return frozenset(found)


def has_example(tree: SourceTree, path: str) -> bool:
    beside = posixpath.join(posixpath.dirname(path), ".env")
    return any(f"{each}{ending}" in tree for each in (path, beside) for ending in _EXAMPLES)


def in_examples(tree: SourceTree, name: str) -> bool:
    """One of the .env files, or of their examples, names the variable."""
    return any(
        name.encode() in tree.files[path]
        for path in tree.paths
        if path in tree.files and ".env" in posixpath.basename(path)
    )

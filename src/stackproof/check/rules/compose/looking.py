"""What the rules look at in a Compose file: services with their images, commands, checks, mounts and ports."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from stackproof.model.composition import Composition, Interpolated
from stackproof.model.findings import Inspected
from stackproof.model.source import Place

Node = Mapping[str, object]

# Data stores by the last part of their image's name, with the folder that holds their data.
STORES: Mapping[str, str] = {
    "postgres": "/var/lib/postgresql/data", "postgis": "/var/lib/postgresql/data",
    "timescaledb": "/var/lib/postgresql/data", "pgvector": "/var/lib/postgresql/data", "mysql": "/var/lib/mysql",
    "mariadb": "/var/lib/mysql", "mongo": "/data/db", "redis": "/data", "valkey": "/data",
    "rabbitmq": "/var/lib/rabbitmq", "elasticsearch": "/usr/share/elasticsearch/data",
    "opensearch": "/usr/share/opensearch/data",
}  # fmt: skip
CACHES = frozenset({"redis", "valkey"})
# They read the engine's socket to find containers and their logs; the socket is root's.
COLLECTORS = frozenset({"alloy", "promtail", "vector", "fluent-bit", "traefik", "docker-socket-proxy", "cadvisor"})
_DEVELOPMENT = frozenset(
    {"dev", "develop", "development", "local", "test", "tests", "testing", "ci", "override", "debug"}
)
_PRODUCTION = frozenset({"prod", "production", "stage", "staging", "live", "release"})
_SECRET = re.compile(r"(^|_)(PASSWORD|PASSWD|PASS|SECRET|SECRET_KEY|TOKEN|API_?KEY|ACCESS_KEY|PRIVATE_KEY|JWT_KEY)$")
_DURATION = re.compile(r"(\d+(?:\.\d+)?)(ms|µs|ns|h|m|s)")
_SECONDS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 1e-3, "µs": 1e-6, "ns": 1e-9}


@dataclass(frozen=True)
class Image:
    """An image's name without registry and folder, its tag ("" for none) and whether a digest pins it."""

    name: str
    tag: str
    pinned: bool


@dataclass(frozen=True)
class Looked:
    """One service of a composition."""

    composition: Composition
    name: str
    spec: Node

    def at(self, *path: str | int) -> Place:
        return self.composition.at("services", self.name, *path)

    @property
    def image(self) -> Image:
        return image(text(self.spec.get("image")))

    @property
    def built(self) -> bool:
        return "build" in self.spec

    @property
    def is_store(self) -> bool:
        return not self.built and self.image.name in STORES and not self.runs_script

    @property
    def runs_script(self) -> bool:
        """A shell or another program of the image instead of its server: a backup, a job."""
        words = self.words
        return bool(words) and words[0].rsplit("/", 1)[-1] in ("sh", "bash", "psql", "pg_dump", "redis-cli", "mysql")

    @property
    def words(self) -> tuple[str, ...]:
        """Entrypoint and command; the text that a shell is given split at blanks."""
        words = (*texts(self.spec.get("entrypoint")), *texts(self.spec.get("command")))
        return tuple(part for word in words for part in (word.split() if " " in word else (word,)))

    @property
    def check(self) -> tuple[str, ...]:
        """The words of its health check, () for none or a disabled one."""
        health = node(self.spec.get("healthcheck"))
        words = texts(health.get("test"))
        if health.get("disable") or not words or words[0] == "NONE":
            return ()
        return words[1:] if words[0] in ("CMD", "CMD-SHELL") else words

    @property
    def environment(self) -> Mapping[str, str]:
        return {name: text(value) for name, value in node(self.spec.get("environment")).items()}

    @property
    def needs(self) -> Mapping[str, Node]:
        return {name: node(each) for name, each in node(self.spec.get("depends_on")).items()}

    @property
    def replicas(self) -> int:
        """1 where nothing is said."""
        said = node(self.spec.get("deploy")).get("replicas", self.spec.get("scale"))
        return said if isinstance(said, int) else 1

    @property
    def limits(self) -> Node:
        return node(node(node(self.spec.get("deploy")).get("resources")).get("limits"))

    def mounts(self) -> Iterator[tuple[int, Node]]:
        return enumerate(nodes(self.spec.get("volumes")))

    def ports(self) -> Iterator[tuple[int, Node]]:
        return enumerate(nodes(self.spec.get("ports")))


def services(inspected: Inspected) -> Iterator[Looked]:
    for composition in inspected.compositions:
        yield from of(composition)


def of(composition: Composition) -> Iterator[Looked]:
    for name, spec in composition.services().items():
        yield Looked(composition, name, spec)


def deployed(inspected: Inspected) -> Iterator[Looked]:
    """Services of files that are not said to be for development or tests."""
    return (each for each in services(inspected) if not is_development(each.composition))


def is_development(composition: Composition) -> bool:
    return bool(_said(composition) & _DEVELOPMENT) and not is_production(composition)


def is_production(composition: Composition) -> bool:
    """Said so by the name of a file or of the project."""
    return bool(_said(composition) & _PRODUCTION)


def _said(composition: Composition) -> frozenset[str]:
    named = composition.name if ("name",) in composition.places else ""
    return frozenset(re.split(r"[^a-z]+", " ".join((*composition.files, named)).lower()))


def node(value: object) -> Node:
    return value if isinstance(value, dict) else {}


def nodes(value: object) -> tuple[Node, ...]:
    return tuple(node(each) for each in value) if isinstance(value, list) else ()


def text(value: object) -> str:
    return "" if value is None or isinstance(value, dict | list) else str(value)


def texts(value: object) -> tuple[str, ...]:
    return tuple(text(each) for each in value) if isinstance(value, list) else ()


def image(reference: str) -> Image:
    name, _, digest = reference.partition("@")
    last = name.rsplit("/", 1)[-1]
    short, _, tag = last.partition(":")
    return Image(short, tag, bool(digest))


def seconds(value: object) -> float | None:
    found = _DURATION.findall(text(value))
    return sum(float(number) * _SECONDS[unit] for number, unit in found) if found else None


def is_secret(name: str) -> bool:
    return bool(_SECRET.search(name.upper()))


def is_local(port: Node) -> bool:
    return text(port.get("host_ip")).startswith("127.") or port.get("host_ip") == "::1"


def read_at(composition: Composition, place: Place) -> tuple[Interpolated, ...]:
    """The variables that this line reads."""
    return tuple(each for each in composition.variables if each.seen == place)


def block_of(inspected: Inspected, place: Place) -> str:
    """The line of a key with the deeper ones that follow it, joined by blanks: the key and all of its value."""
    first = line_of(inspected, place)
    lines, number = [first.partition(" #")[0].rstrip()], place.line + 1
    while (following := line_of(inspected, Place(place.path, number))).strip() and _indent(following) > _indent(first):
        lines.append(following.strip())
        number += 1
    return " ".join(lines)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def line_of(inspected: Inspected, place: Place) -> str:
    """The line's text, "" where it cannot be read as UTF-8."""
    lines = inspected.tree.files.get(place.path, b"").decode("utf-8", "replace").splitlines()
    return lines[place.line - 1] if 0 < place.line <= len(lines) else ""

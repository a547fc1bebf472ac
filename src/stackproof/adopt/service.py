"""One service of a Compose file, with what its Dockerfile says, as a Service."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from stackproof.adopt import commands, health, images
from stackproof.adopt.builds import Made
from stackproof.adopt.effective import Effective
from stackproof.adopt.images import Known
from stackproof.adopt.reading import Node, megabytes, named, names, node, nodes, number, seconds, text, texts, whole
from stackproof.model.composition import Composition
from stackproof.model.stack import (
    Assignment,
    Because,
    Health,
    Limits,
    Mount,
    Need,
    Publish,
    Role,
    Service,
    Software,
    literal,
)

_GRACE = 10.0  # seconds, Compose's own where a service says nothing
_EVERYWHERE = "0.0.0.0"  # noqa: S104  what Compose takes where a port names no address
_WORKING = ("worker", "beat", "job")
_TLS = frozenset({443, 8443})
_SECRET = re.compile(r"PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|PRIVATE_KEY|CREDENTIAL", re.IGNORECASE)
_HOSTED = re.compile(r"HOST|SERVER|ADDR|BROKER|BACKEND")
_REFERRED = re.compile(r"[a-z0-9_-]+")  # what a reference can name
_CONDITIONS: Mapping[str, str] = {"service_healthy": "healthy", "service_completed_successfully": "completed"}


@dataclass(frozen=True)
class Around:
    """What a service is read with: the whole composition, the images, and by which name another one is reached."""

    composition: Composition
    made: Mapping[str, Made]  # by service
    tags: Mapping[str, str]  # by build
    hosts: Mapping[str, str]  # service by name in the network

    def said(self, name: str) -> Node:
        return self.composition.services()[name]


def service(around: Around, name: str) -> Service:
    said, made = around.said(name), around.made.get(name)
    image = made.image if made else None
    started = words(said, image)
    checked = health.health(said, image)
    known = _known(said, made, started)
    published = tuple(_published(said))
    once = _once(around, name, started, said)
    return Service(
        name=name,
        role="job" if once else known.role,
        image=around.tags[made.build.name] if made else text(said.get("image")),
        built=made is not None,
        command=tuple(literal(word) for word in started),
        environment=tuple(_environment(around, name)),
        port=_port(checked, started, published, said, image, known),
        publish=published[0] if published else None,
        more=published[1:],
        uid=_ids(said, image)[0],
        gid=_ids(said, image)[1],
        health=checked,
        needs=tuple(_needs(around, name)),
        mounts=tuple(_mounts(said)),
        tmpfs_mb=0,
        scratch=tuple(_scratch(said)),
        limits=limits(said),
        grace=seconds(said.get("stop_grace_period"), _GRACE),
        networks=_networks(said),
        profiles=texts(said.get("profiles")),
        restart="no" if _restart(said) == "no" else "unless-stopped",
        read_only=said.get("read_only") is True,
        init=said.get("init") is True,
        queues=commands.queues(started) if known.role == "worker" and "celery" in " ".join(started) else (),
        because=(Because("the Compose file has it", around.composition.at("services", name)),),
        build=made.build.name if made else "",
        software=known.software,
        replicas=replicas(said),
        secrets=tuple(text(each.get("source")) for each in nodes(said.get("secrets"))),
        one_shot=once,
    )


def is_secret(name: str) -> bool:
    return bool(_SECRET.search(name))


def limits(said: Node) -> Limits:
    """0 where the files state none."""
    stated = node(node(node(said.get("deploy")).get("resources")).get("limits"))
    return Limits(
        megabytes(said.get("mem_limit")) or megabytes(stated.get("memory")),
        number(said.get("cpus")) or number(stated.get("cpus")),
        whole(said.get("pids_limit")) or whole(stated.get("pids")) or 0,
    )


def replicas(said: Node) -> int:
    stated = whole(node(said.get("deploy")).get("replicas"))
    return next((each for each in (whole(said.get("scale")), stated) if each is not None), 1)


def words(said: Node, image: Effective | None) -> tuple[str, ...]:
    """As the engine puts them together: an entrypoint of the service takes the image's command away."""
    own = said.get("entrypoint")
    entrypoint = texts(own) if own is not None else image.entrypoint if image else ()
    usual = image.command if image and own is None else ()
    command = said.get("command")
    return (*entrypoint, *(texts(command) if command is not None else usual))


def _known(said: Node, made: Made | None, words: tuple[str, ...]) -> Known:
    """By the command where that says it, else by the image."""
    found = Known(_software(made), "process") if made else images.known(text(said.get("image")))
    if made and made.build.software in ("nginx", "redis", "postgres"):
        found = images.known(made.build.base)
    if role := commands.role(words):
        return Known("python" if found.software == "other" else found.software, role)
    if found.role != "process":
        return found
    software: Software = "python" if found.software == "other" and commands.of_python(words) else found.software
    return Known(software, _usual_role(software, said))


def _software(made: Made) -> Software:
    found = made.build.software
    return "python" if found == "python" else "node" if found == "node" else "other"


def _usual_role(software: Software, said: Node) -> Role:
    """What is published is there to be asked."""
    asked = bool(said.get("ports"))
    if software == "node":
        return "front" if asked else "process"
    return "web" if software == "python" and asked else "process"


def _once(around: Around, name: str, words: tuple[str, ...], said: Node) -> bool:
    awaited = any(
        node(waits.get(name)).get("condition") == "service_completed_successfully"
        for waits in (named(each.get("depends_on")) for each in around.composition.services().values())
    )
    return awaited or (_restart(said) in ("no", "on-failure") and commands.runs_once(words))


def _restart(said: Node) -> str:
    policy = node(node(said.get("deploy")).get("restart_policy"))
    if policy and not said.get("restart"):
        return "no" if policy.get("condition") == "none" else text(policy.get("condition")) or "any"
    return (text(said.get("restart")) or "no").replace("false", "no").partition(":")[0]


def _environment(around: Around, name: str) -> Iterator[Assignment]:
    place = around.composition.at("services", name, "environment")
    for key, value in node(around.said(name).get("environment")).items():
        given = None if value is None else _linked(key, text(value), around.hosts)
        yield Assignment(key, given, settable=False, secret=is_secret(key), because=Because("the Compose file", place))


def _linked(key: str, value: str, hosts: Mapping[str, str]) -> str:
    """The same with a reference in place of the name of another service where it stands as a host."""
    known = {host: name for host, name in hosts.items() if _REFERRED.fullmatch(name)}
    if value in known and _HOSTED.search(key):
        return f"@{{{known[value]}.host}}"
    marked = literal(value)
    for host, name in known.items() if ":" in value else ():
        marked = re.sub(rf"((?:://|://[^/\s]*@|^|,)){re.escape(host)}(?=:\d|/|$|,)", rf"\1@{{{name}.host}}", marked)
    return marked


def _networks(said: Node) -> tuple[str, ...]:
    return () if "network_mode" in said else names(said.get("networks")) or ("default",)


def _needs(around: Around, name: str) -> Iterator[Need]:
    """Never one that does not run whenever this service does: the engine is not asked to wait for it either."""
    own = set(texts(around.said(name).get("profiles")))
    for on, how in named(around.said(name).get("depends_on")).items():
        other = around.composition.services().get(on)
        if other is None or (set(texts(other.get("profiles"))) and not own & set(texts(other.get("profiles")))):
            continue
        condition = _CONDITIONS.get(text(how.get("condition")), "started")
        yield Need(on, "healthy" if condition == "healthy" else "completed" if condition == "completed" else "started")


def _published(said: Node) -> Iterator[Publish]:
    for port in nodes(said.get("ports")):
        target, published = whole(port.get("target")), whole(text(port.get("published")).partition("-")[0])
        if target and published and text(port.get("protocol") or "tcp") == "tcp":
            address = text(port.get("host_ip")) or _EVERYWHERE
            yield Publish(address, published, target, "https" if target in _TLS else "http")


def _port(
    checked: Health | None,
    words: tuple[str, ...],
    published: tuple[Publish, ...],
    said: Node,
    image: Effective | None,
    known: Known,
) -> int | None:
    """What is asked for health and what the command names come before what is only declared.

    A worker or a job has the image of a server, and not its port; its health check asks somebody else.
    """
    own = checked is not None and (checked.kind in ("http", "https") or known.role == "store")
    exposed = next((number for each in texts(said.get("expose")) if (number := whole(each.partition("/")[0]))), None)
    serves = known.role not in _WORKING
    candidates = (
        checked.port if checked and own else None,
        commands.port(words) if serves else None,
        known.port,
        published[0].target if published else None,
        exposed,
        image.port if image and serves else None,
    )
    return next((each for each in candidates if each), None)


def _ids(said: Node, image: Effective | None) -> tuple[int, int]:
    """0 where nobody names a number."""
    user, _, group = (text(said.get("user")) or (image.user if image else "")).partition(":")
    return whole(user) or 0, whole(group) or 0


def _mounts(said: Node) -> Iterator[Mount]:
    for each in nodes(said.get("volumes")):
        path, source, read_only = text(each.get("target")), text(each.get("source")), each.get("read_only") is True
        if each.get("type") == "bind":
            yield Mount(path, source=source, read_only=read_only)
        elif each.get("type") == "volume" and source:
            yield Mount(path, volume=source, read_only=read_only)


def _scratch(said: Node) -> Iterator[str]:
    yield from (each.partition(":")[0] for each in texts(said.get("tmpfs")))
    yield from (text(each.get("target")) for each in nodes(said.get("volumes")) if each.get("type") == "tmpfs")

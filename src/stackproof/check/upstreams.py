"""What nginx hands requests to: hosts and ports of `proxy_pass` and of the servers in `upstream` blocks."""

from collections.abc import Iterator
from dataclasses import dataclass

from stackproof.check.nginx import configurations
from stackproof.check.proxying import proxying
from stackproof.check.reading import node, text, texts
from stackproof.model.findings import Inspected
from stackproof.model.source import Place


@dataclass(frozen=True)
class Upstream:
    host: str
    port: int | None
    seen: Place


def upstreams(inspected: Inspected) -> Iterator[Upstream]:
    """Without those that are the name of an `upstream` block."""
    groups = {
        block.words[0] for each in configurations(inspected.tree) for block in each.all("upstream") if block.words
    }
    for configuration in configurations(inspected.tree):
        for block in configuration.all("upstream"):
            for server in (each for each in block.block if each.name == "server" and each.words):
                yield _upstream(server.words[0], server.seen)
    for each in proxying(inspected):
        if each.host and each.host not in groups:
            yield Upstream(each.host, each.port or 80, each.passing.seen)


def names(inspected: Inspected) -> frozenset[str]:
    """By which containers of any Compose file are found: service, container name, host name, aliases."""
    found: set[str] = set()
    for composition in inspected.compositions:
        for name, spec in composition.services().items():
            found |= {name, text(spec.get("container_name")), text(spec.get("hostname"))}
            for network in node(spec.get("networks")).values():
                found |= set(texts(node(network).get("aliases")))
    return frozenset(found)


def _upstream(address: str, seen: Place) -> Upstream:
    host, _, port = address.partition(":")
    return Upstream(host, int(port) if port.isdecimal() else 80, seen)

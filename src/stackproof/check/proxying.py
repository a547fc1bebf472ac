"""Places of nginx configurations that hand requests on, with the headers that count there: inherited all or none."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from stackproof.check.nginx import Directive, configurations
from stackproof.model.findings import Inspected


@dataclass(frozen=True)
class Proxying:
    """`around` are the blocks from the file to the location; `host` "" where a variable says it."""

    passing: Directive
    around: tuple[Directive, ...]
    host: str
    port: int | None

    def headers(self) -> dict[str, str] | None:
        """proxy_set_header of the innermost block that has any, in lower case; None where a file is not known."""
        for block in reversed(self.around):
            said = [each for each in block.block if each.name == "proxy_set_header"]
            if any(each.name == "include" for each in block.block) and not said:
                return None
            if said:
                return {each.words[0].lower(): " ".join(each.words[1:]) for each in said if each.words}
        return {}


def proxying(inspected: Inspected) -> Iterator[Proxying]:
    for configuration in configurations(inspected.tree):
        yield from _below(configuration, (configuration,))


def _below(block: Directive, around: tuple[Directive, ...]) -> Iterator[Proxying]:
    for each in block.block:
        if each.name in ("proxy_pass", "grpc_pass") and each.words:
            host, port = _address(each.words[0])
            yield Proxying(each, around, host, port)
        yield from _below(each, (*around, each))


def _address(url: str) -> tuple[str, int | None]:
    if "$" in url or "unix:" in url:
        return "", None
    try:
        parts = urlsplit(url)
        return parts.hostname or "", parts.port
    except ValueError:
        return "", None

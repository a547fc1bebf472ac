"""SR316: a server in a container listens on its loopback address alone: nothing outside of the container reaches it."""

from collections.abc import Iterator

from stackproof.check.images import Configured, configured
from stackproof.check.own_code import serving
from stackproof.check.servers import Server, server
from stackproof.check.services import Service, services
from stackproof.model.findings import Inspected, Rule, Sighting
from stackproof.model.source import Place


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for service, found in serving(inspected):
        if found.is_loopback and service.spec.get("network_mode") is None:
            yield Sighting(_place(service), _words(found))
    run = {each.dockerfile.path for each in services(inspected) if each.dockerfile}
    for dockerfile in inspected.dockerfiles:
        image = configured(dockerfile, "") if dockerfile.path not in run else None
        started = server(image.words, image.environment) if image else None
        if image and started and started.is_loopback:
            yield Sighting(_start(image), _words(started))


def _place(service: Service) -> Place:
    """The command that counts: of the service, or of its image."""
    own = "command" in service.spec or "entrypoint" in service.spec
    return service.at("command") if own or service.image is None else _start(service.image)


def _start(image: Configured) -> Place:
    return (image.said.get("CMD") or image.said["ENTRYPOINT"]).seen


def _words(found: Server) -> str:
    return f"{found.program} listens on {found.host}, which nothing outside of its container reaches"


RULE = Rule(
    "SR316-loopback",
    says="A server in a container listens on more than its loopback address.",
    fix="Let it listen on 0.0.0.0 (--host 0.0.0.0, --bind 0.0.0.0:8000).",
    severity="error",
    profile="recommended",
    check=_check,
)

"""SR316: a server in a container listens on its loopback address alone: nothing outside of the container reaches it."""

from collections.abc import Iterator

from stackproof.check.images import configured
from stackproof.check.own_code import serving
from stackproof.check.servers import server
from stackproof.check.services import services
from stackproof.model.findings import Inspected, Rule, Sighting


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for service, found in serving(inspected):
        alone = service.spec.get("network_mode") is None
        if found.is_loopback and alone and "command" in service.spec:
            yield Sighting(service.at("command"), _words(found.program, found.host))
    overridden = {each.dockerfile.path for each in services(inspected) if each.dockerfile and "command" in each.spec}
    for dockerfile in inspected.dockerfiles:
        image = configured(dockerfile, "")
        said = image.said.get("CMD", image.said.get("ENTRYPOINT")) if image else None
        if image and said and dockerfile.path not in overridden:
            started = server(image.words, image.environment)
            if started and started.is_loopback:
                yield Sighting(said.seen, _words(started.program, started.host))


def _words(program: str, host: str | None) -> str:
    return f"{program} listens on {host}, which nothing outside of its container reaches"


RULE = Rule(
    "SR316-loopback",
    says="A server in a container listens on more than its loopback address.",
    fix="Let it listen on 0.0.0.0 (--host 0.0.0.0, --bind 0.0.0.0:8000).",
    severity="error",
    profile="recommended",
    check=_check,
)

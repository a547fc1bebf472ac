"""SR323: a build is given an argument that its Dockerfile does not declare: it changes nothing."""

import re
from collections.abc import Iterator

from stackproof.check.reading import node
from stackproof.check.services import Service, services
from stackproof.model.dockerfile import Dockerfile
from stackproof.model.findings import Inspected, Rule, Sighting

_PREDEFINED = re.compile(
    r"(?i:https?_proxy|ftp_proxy|no_proxy|all_proxy)|BUILDKIT_.*|SOURCE_DATE_EPOCH|(?:TARGET|BUILD)(?:PLATFORM|OS|ARCH|VARIANT)"
)


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for service in services(inspected):
        if service.dockerfile:
            yield from _unknown(service, service.dockerfile)


def _unknown(service: Service, dockerfile: Dockerfile) -> Iterator[Sighting]:
    declared = {name for each in _arguments(dockerfile) for name in each}
    for name in node(node(service.spec.get("build")).get("args")):
        if name not in declared and not _PREDEFINED.fullmatch(name):
            yield Sighting(
                service.at("build", "args", name),
                f"the build of {service.name} is given {name}, and {dockerfile.path} has no ARG {name}",
            )


def _arguments(dockerfile: Dockerfile) -> Iterator[set[str]]:
    said = (each for stage in dockerfile.stages for each in stage.instructions if each.keyword == "ARG")
    for each in (*dockerfile.arguments, *said):
        yield {word.partition("=")[0] for word in each.words.split()}


RULE = Rule(
    "SR323-build-argument-unknown",
    says="A build argument is declared by the Dockerfile.",
    fix="Declare it with ARG in the stage that uses it, correct its name, or remove it.",
    severity="warning",
    profile="recommended",
    check=_check,
)

"""SR324: a service that is not root writes to a volume which the image does not prepare: it belongs to root."""

import re
from collections.abc import Iterator

from stackproof.check.images import Configured
from stackproof.check.reading import text
from stackproof.check.services import Service, built
from stackproof.model.findings import Inspected, Rule, Sighting

_ROOT = re.compile(r"(?:root|0)(?::.*)?|")
_PREPARES = re.compile(r"\b(?:mkdir|install|chown|chmod)\b|useradd.*(?:-m|--create-home)")


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for service, image in built(inspected):
        if _ROOT.fullmatch(service.user):
            continue
        for number, mount in enumerate(service.mounts):
            if _is_written(service, image, str(mount.get("type")), text(mount.get("target")), mount.get("read_only")):
                yield Sighting(
                    service.at("volumes", number),
                    f"{service.name} runs as {service.user}, and the image makes no {mount.get('target')}:"
                    " a new volume there belongs to root",
                )


def _is_written(service: Service, image: Configured, kind: str, target: str, read_only: object) -> bool:
    """A new volume takes over owner and mode of the image's folder at that place, and there is none."""
    if kind != "volume" or read_only is True or not target or service.dockerfile is None:
        return False
    last = target.rstrip("/").rpartition("/")[2]
    for each in image.instructions:
        if each.keyword == "RUN" and last in each.words and _PREPARES.search(each.words):
            return False
        if each.keyword in ("COPY", "ADD") and last in each.words and dict(each.flags).get("chown"):
            return False
    return True


RULE = Rule(
    "SR324-volume-unwritable",
    says="A volume belongs to the user who writes to it.",
    fix="Make the folder in the Dockerfile before USER: `RUN install -d -o <uid> -g <gid> <folder>`.",
    severity="error",
    profile="recommended",
    check=_check,
)

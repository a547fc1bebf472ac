"""SR325: a service that is not root gets a folder of the host that nobody has made: Docker makes it, for root alone."""

import re
from collections.abc import Iterator
from posixpath import splitext

from stackproof.check.builds import holds
from stackproof.check.reading import inside, text
from stackproof.check.services import services
from stackproof.model.findings import Inspected, Rule, Sighting

_ROOT = re.compile(r"(?:root|0)(?::.*)?|")


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for service in services(inspected):
        if _ROOT.fullmatch(service.user):
            continue
        for number, mount in enumerate(service.mounts):
            path = text(mount.get("source"))
            here = inside(path) if mount.get("type") == "bind" and mount.get("read_only") is not True else None
            if here and not splitext(path)[1] and not holds(inspected.tree, "", here):
                yield Sighting(
                    service.at("volumes", number),
                    f"{service.name} runs as {service.user}, and {path} is in no clone: Docker makes it, owned by root",
                )


RULE = Rule(
    "SR325-mount-unwritable",
    says="A folder of the host that a service writes to is there, and belongs to its user.",
    fix="Use a named volume, or commit the folder (with a .gitkeep) and give it to that user.",
    severity="warning",
    profile="recommended",
    check=_check,
)

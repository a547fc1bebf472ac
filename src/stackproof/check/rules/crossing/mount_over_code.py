"""SR311: a deployment mounts a folder of the host over the code that was built into the image."""

import re
from collections.abc import Iterator

from stackproof.check.reading import inside, text
from stackproof.check.services import built
from stackproof.model.findings import Inspected, Rule, Sighting

_DEPLOYED = re.compile(r"(?:^|[._/-])(?:prod|production|stage|staging|live|deploy)(?:[._/-]|$)")


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for service, image in built(inspected):
        if not _DEPLOYED.search(service.composition.files[-1].lower()):
            continue
        for number, mount in enumerate(service.mounts):
            target, source = text(mount.get("target")).rstrip("/"), inside(text(mount.get("source")))
            if mount.get("type") == "bind" and source == service.context and target == image.folder.rstrip("/"):
                yield Sighting(
                    service.at("volumes", number),
                    f"{service.name} mounts the source over {target}: what runs is not what was built and tested",
                )


RULE = Rule(
    "SR311-mount-over-code",
    says="What is deployed runs the code in its image.",
    fix="Remove the mount from this file; keep it in the one for development.",
    severity="error",
    profile="recommended",
    check=_check,
)

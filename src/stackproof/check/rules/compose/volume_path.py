"""SR223: the volume of a data store is where its image keeps the data."""

from collections.abc import Iterator

from stackproof.check.rules.compose.looking import STORES, services, text
from stackproof.model.findings import Inspected, Rule, Sighting


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for service in services(inspected):
        folder = STORES.get(service.image.name, "") if service.is_store else ""
        targets = [
            text(mount.get("target")).rstrip("/") for _, mount in service.mounts() if mount.get("type") == "volume"
        ]
        said = " ".join((*service.words, *service.environment.values()))
        holds = any(
            f"{folder}/".startswith(f"{each}/") or f"{each}/".startswith(f"{folder}/") or each in said
            for each in targets
        )
        if folder and targets and not holds:
            yield Sighting(service.at("volumes"), f"{service.name} keeps its data in {folder}, and no volume is there")


RULE = Rule(
    "SR223-volume-path",
    says="The volume of a data store is where its image keeps the data.",
    fix="Mount it on the folder that the message names.",
    severity="error",
    profile="recommended",
    check=_check,
)

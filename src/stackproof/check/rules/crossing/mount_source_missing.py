"""SR308: a Compose file mounts a file that no clone of the project has: Docker makes a folder of that name instead."""

from collections.abc import Iterator
from posixpath import splitext

from stackproof.check.builds import holds
from stackproof.check.reading import inside, node, text
from stackproof.check.services import services
from stackproof.model.composition import Composition
from stackproof.model.findings import Inspected, Rule, Sighting


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for service in services(inspected):
        for number, mount in enumerate(service.mounts):
            path = text(mount.get("source"))
            if mount.get("type") == "bind" and _is_missing(inspected, path):
                yield Sighting(service.at("volumes", number), f"{service.name} mounts {path}, which is not there")
    for composition in inspected.compositions:
        yield from _configs(composition, inspected)


def _configs(composition: Composition, inspected: Inspected) -> Iterator[Sighting]:
    for name, config in node(composition.document.get("configs")).items():
        path = text(node(config).get("file"))
        if path and _is_missing(inspected, path):
            yield Sighting(composition.at("configs", name, "file"), f"the config {name} is {path}, which is not there")


def _is_missing(inspected: Inspected, path: str) -> bool:
    """Only what is a file by its name: a folder may be there to be written to."""
    here = inside(path)
    is_file = bool(splitext(path)[1]) and not path.endswith((".d", ".sock"))
    return is_file and here is not None and "$" not in path and not holds(inspected.tree, "", here)


RULE = Rule(
    "SR308-mount-source-missing",
    says="A file that is mounted is in every clone of the project.",
    fix="Commit the file or correct its path.",
    severity="error",
    profile="recommended",
    check=_check,
)

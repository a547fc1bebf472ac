"""SR311: a mount hides packages that the image installed into its folder: .venv, node_modules."""

import re
from collections.abc import Iterator

from stackproof.check.images import Configured
from stackproof.check.reading import text
from stackproof.check.services import Service, built
from stackproof.model.findings import Inspected, Rule, Sighting

_MAKES = {
    "node_modules": re.compile(
        r"\b(?:npm\s+(?:ci|install)|pnpm\s+install|yarn(?:\s+install)?|bun\s+install)\b(?!.*\s-g\b)"
    ),
    ".venv": re.compile(r"\buv\s+sync\b|\bvenv\s+(?:\./)?\.venv\b"),
}


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for service, image in built(inspected):
        for number, mount in enumerate(service.mounts):
            if mount.get("type") != "bind" or text(mount.get("target")).rstrip("/") != image.folder.rstrip("/"):
                continue
            for name in _hidden(service, image):
                yield Sighting(
                    service.at("volumes", number),
                    f"the mount over {image.folder} of {service.name} hides {name}, which the image holds there",
                )


def _hidden(service: Service, image: Configured) -> Iterator[str]:
    """What is made in the folder, and has no volume of its own."""
    kept = {text(each.get("target")).rstrip("/") for each in service.mounts}
    for name, makes in _MAKES.items():
        path = f"{image.folder.rstrip('/')}/{name}"
        if path not in kept and _holds(image, path, makes, is_moved="UV_PROJECT_ENVIRONMENT" in image.environment):
            yield name


def _holds(image: Configured, path: str, makes: re.Pattern[str], *, is_moved: bool) -> bool:
    for each in image.instructions:
        if each.keyword == "RUN" and makes.search(each.words) and not is_moved:
            return True
        if each.keyword == "COPY" and each.words.split()[-1:] in ([path], [f"{path}/"]):
            return True
    return False


RULE = Rule(
    "SR311-mount-hides-packages",
    says="A mount does not hide packages that the image holds.",
    fix="Mount only the folders with code, or give the packages' folder a volume of its own.",
    severity="warning",
    profile="recommended",
    check=_check,
)

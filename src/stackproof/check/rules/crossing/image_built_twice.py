"""SR319: two services build the same image under two names."""

from collections.abc import Iterator

from stackproof.check.reading import Node, node, text
from stackproof.model.findings import Inspected, Rule, Sighting


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for composition in inspected.compositions:
        first: dict[str, tuple[str, str]] = {}
        for name, spec in composition.services().items():
            if not (build := node(spec.get("build"))):
                continue
            image = text(spec.get("image")) or name
            other, tag = first.setdefault(_key(build), (name, image))
            if tag != image:
                yield Sighting(
                    composition.at("services", name, "build"),
                    f"{name} builds what {other} builds, and tags it otherwise: two images to push, pull and scan",
                )


def _key(build: Node) -> str:
    return repr(sorted((key, repr(value)) for key, value in build.items()))


RULE = Rule(
    "SR319-image-built-twice",
    says="Services that run the same image name it once.",
    fix="Give both the same `image:`, or let only one have `build` and the other name its image.",
    severity="info",
    profile="recommended",
    check=_check,
)

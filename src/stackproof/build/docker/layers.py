"""The engine's two lists, layers and build steps, joined into one: which step made which layer, how large it is."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from stackproof.model.artifacts import Image, Layer

STAND_IN = "dev.stackproof.stand-in"  # label of base images that scripts/engine assembled itself
# Steps that only change the configuration (OCI image specification, `empty_layer`).
_SETTINGS = (
    "ARG", "CMD", "ENTRYPOINT", "ENV", "EXPOSE", "HEALTHCHECK", "LABEL", "MAINTAINER", "ONBUILD", "SHELL",
    "STOPSIGNAL", "USER", "VOLUME",)  # fmt: skip


@dataclass(frozen=True)
class Step:
    made_by: str
    size: int
    layer: bool


def steps(told: Sequence[Mapping[str, Any]], layers: int) -> tuple[Step, ...] | None:
    """The engine's history (newest first, without saying which step made a layer), oldest first.

    None where instructions and sizes do not add up to that number of layers: then only the archive knows.
    """
    found = tuple(_step(entry) for entry in reversed(told))
    return found if sum(step.layer for step in found) == layers else None


def exact(told: Sequence[Mapping[str, Any]], history: Sequence[Mapping[str, Any]]) -> tuple[Step, ...]:
    """Oldest first, from the image's own configuration; sizes from the engine's history of the same length."""
    sizes = [int(entry.get("Size", 0)) for entry in reversed(told)]
    return tuple(
        Step(str(entry.get("created_by", "")), size, not entry.get("empty_layer", False))
        for entry, size in zip(history, sizes, strict=True)
    )


def image(tag: str, inspected: Mapping[str, Any], history: Sequence[Step]) -> Image:
    """Raises ValueError where the history does not belong to the image."""
    made = tuple(_layers(inspected["RootFS"].get("Layers") or (), history))
    config = inspected["Config"]
    return Image(
        tag=tag,
        digest=str(inspected["Id"]),
        size=sum(layer.size for layer in made),
        user=str(config.get("User") or ""),
        layers=made,
        stand_in=str((config.get("Labels") or {}).get(STAND_IN, "")),
    )


def _layers(digests: Sequence[str], history: Sequence[Step]) -> Iterator[Layer]:
    made = (step for step in history if step.layer)
    for digest, step in zip(digests, made, strict=True):
        yield Layer(digest, step.size, step.made_by)


def _step(entry: Mapping[str, Any]) -> Step:
    text = str(entry.get("CreatedBy") or entry.get("Comment") or "")
    size = int(entry.get("Size", 0))
    return Step(text, size, size > 0 or not _instruction(text).startswith(_SETTINGS))


def _instruction(text: str) -> str:
    """Without what the classic builder puts before it: `/bin/sh -c #(nop)  CMD ["x"]`."""
    return text.removeprefix("/bin/sh -c").strip().removeprefix("#(nop)").strip()

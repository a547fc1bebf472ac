"""How large images are, layer by layer, and the packages in them, as far as claims have observed them."""

from dataclasses import dataclass

from stackproof.model.proof import Record
from stackproof.report.observed import Row, number, rows, with_rows


@dataclass(frozen=True)
class Part:
    """A layer or a package; `bytes` on disk."""

    name: str
    bytes: int
    digest: str = ""


@dataclass(frozen=True)
class Sized:
    name: str
    bytes: int
    control: int | None  # the plain single-stage build of the same
    layers: tuple[Part, ...]
    stand_in: str = ""


def images(record: Record) -> list[Sized]:
    """Those that a claim compared; else the record's own image."""
    found = [row for _, each in with_rows(record, "images", "name", "bytes", "layers") for row in each]
    own = record.image
    mine = [] if own is None else [
        Sized(
            own.tag, own.size, record.control_bytes,
            tuple(Part(layer.made_by, layer.size, layer.digest) for layer in own.layers), own.stand_in,
        )
    ]  # fmt: skip
    others = found[len(mine) :] if mine else found  # the Python image is the first of them
    return mine + [_sized(row) for row in others]


def _sized(row: Row) -> Sized:
    layers = rows(row, "layers", "bytes", "made_by")
    control = number(row.get("control_bytes"))
    return Sized(
        str(row["name"]),
        _whole(row["bytes"]),
        int(control) if control is not None else None,
        tuple(Part(str(layer["made_by"]), _whole(layer["bytes"])) for layer in layers),
    )


def packages(record: Record) -> list[Part]:
    """Of every image that was looked into, largest first; the same package in two images is there once."""
    looked_into = (image for _, each in with_rows(record, "images", "components") for image in each)
    found = {
        f"{row['name']} {row.get('version') or ''}".strip(): _whole(row["bytes"])
        for image in looked_into
        for row in rows(image, "components", "name", "bytes")
    }
    return sorted((Part(name, size) for name, size in found.items()), key=lambda part: -part.bytes)


def _whole(value: object) -> int:
    return int(number(value) or 0)

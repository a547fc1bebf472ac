"""Images by layer, beside the plain single-stage build of the same application, and the largest packages."""

from html import escape

from stackproof.model.proof import Record
from stackproof.report.html.parts import figure, folded, mb, table, wide
from stackproof.report.printable import line
from stackproof.report.sizes import Part, Sized, images, packages

_MOST = 15  # packages


def draw(record: Record) -> str:
    return "".join(_image(image) for image in images(record)) + _packages(packages(record))


def _image(image: Sized) -> str:
    most = max(image.bytes, image.control or 0, 1)
    pieces = "".join(
        f'<i style="flex:{layer.bytes}" title="{escape(f"{mb(layer.bytes)}: {line(layer.name, 200)}")}"></i>'
        for layer in image.layers
        if layer.bytes
    )
    bars = _bar("this image", mb(image.bytes), pieces, most - image.bytes)
    if image.control:
        plain = f'<i class=plain style="flex:{image.control}"></i>'
        bars += _bar("plain build", mb(image.control), plain, most - image.control)
    return figure(f"Layers of {image.name}", _caption(image), f"<div class=sizes>{bars}</div>{_table(image)}")


def _caption(image: Sized) -> str:
    against = f"; a plain single-stage build has {mb(image.control)}" if image.control else ""
    stand_in = f" Its base is a stand-in: {image.stand_in}." if image.stand_in else ""
    return f"{mb(image.bytes)} in {len(image.layers)} layers{against}.{stand_in}"


def _bar(name: str, size: str, pieces: str, rest: int) -> str:
    empty = f'<i class=rest style="flex:{rest}"></i>' if rest > 0 else ""
    return f"<span>{name}</span><div class=stack>{pieces}{empty}</div><span>{size}</span>"


def _table(image: Sized) -> str:
    rows = [
        (
            mb(layer.bytes),
            escape(_step(layer.name)),
            f"<code>{escape(layer.digest.removeprefix('sha256:')[:12])}</code>",
        )
        for layer in sorted(image.layers, key=lambda layer: -layer.bytes)
    ]
    if not rows:
        return ""
    title = f"Layers of {image.name}"
    return folded("every layer", wide(title, table(title, ("size", "made by", "digest"), rows, "sized")))


def _step(made_by: str) -> str:
    """The build step, without the builder's own comment marks."""
    return line(made_by.replace("# buildkit", ""), 160)


def _packages(found: list[Part]) -> str:
    if not found:
        return ""
    largest = found[0].bytes or 1
    rows = [
        (escape(part.name), mb(part.bytes), f'<i class=share style="width:{100 * part.bytes / largest:.1f}%"></i>')
        for part in found[:_MOST]
    ]
    caption = f"The largest of {len(found)}, {mb(sum(part.bytes for part in found))} together."
    return figure("Packages", caption, table("Packages", ("package", "size", "compared"), rows, "shares"))

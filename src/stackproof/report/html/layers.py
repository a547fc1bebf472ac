"""The image's layers by size, beside the plain single-stage build of the same application."""

from html import escape

from stackproof.model.artifacts import Image


def caption(image: Image, control_bytes: int | None) -> str:
    stand_in = f" Its base is a stand-in: {image.stand_in}." if image.stand_in else ""
    against = f"; a plain single-stage build has {_mb(control_bytes)}" if control_bytes else ""
    return f"{image.tag}: {_mb(image.size)} in {len(image.layers)} layers{against}.{stand_in}"


def draw(image: Image, control_bytes: int | None) -> str:
    most = max(image.size, control_bytes or 0, 1)
    mine = "".join(
        f'<i style="flex:{layer.size}" title="{escape(f"{_mb(layer.size)}: {layer.made_by}")}"></i>'
        for layer in image.layers
        if layer.size
    )
    bars = f"<div class=sizes>{mine}{_rest(most - image.size)}</div>"
    if control_bytes:
        plain = f'<i class=plain style="flex:{control_bytes}" title="plain single-stage build"></i>'
        bars += f"<div class=sizes>{plain}{_rest(most - control_bytes)}</div>"
    rows = "".join(
        f"<tr><td class=number>{_mb(layer.size)}</td><td>{escape(_step(layer.made_by))}</td>"
        f"<td><code>{escape(layer.digest.removeprefix('sha256:')[:12])}</code></td></tr>"
        for layer in sorted(image.layers, key=lambda layer: -layer.size)
    )
    return f"{bars}<details class=fold><summary>every layer</summary><table>{rows}</table></details>"


def _rest(size: int) -> str:
    return f'<i class=rest style="flex:{size}"></i>' if size > 0 else ""


def _mb(size: int | None) -> str:
    return f"{(size or 0) / 1e6:.1f} MB"


def _step(made_by: str) -> str:
    """The build step in one line, without the builder's own comment marks."""
    words = " ".join(made_by.replace("# buildkit", "").split())
    return words if len(words) <= 160 else f"{words[:157]}..."

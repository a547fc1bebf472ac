"""SP202: the image stays within the limit; its size is shown beside a plain single-stage build's."""

from typing import cast

from stackproof.model.proof import Claim, Judgement, Measurement, Verdict
from stackproof.model.running import Bench
from stackproof.model.stack import Bounds, Build
from stackproof.prove import images, requirements
from stackproof.tools import command

_WITH_CA = "if [ -s /run/secrets/ca ]; then export PIP_CERT=/run/secrets/ca SSL_CERT_FILE=/run/secrets/ca; fi; "


def _measure(bench: Bench) -> Measurement:
    image = bench.image().image
    dockerfile = _control(bench.stack.build)
    with bench.context() as folder:
        command.must(requirements.export(bench, folder), "Exporting the lock", requirements.FIX)
        (folder / ".dockerignore").unlink(missing_ok=True)
        (folder / "Dockerfile").write_text(dockerfile)
        with images.built(bench, folder, "control", dockerfile=dockerfile) as built:
            control = built.image.size
    return Measurement(
        figure=f"{_mb(image.size)} (plain build {_mb(control)})",
        how="unpacked size of all layers, beside a single-stage build on the same base: COPY . ., pip install of the "
        "same lock, root",
        observed={
            "bytes": image.size,
            "control_bytes": control,
            "control_dockerfile": dockerfile,
            "layers": [{"bytes": layer.size, "made_by": layer.made_by} for layer in image.layers],
        },
    )


def _control(build: Build) -> str:
    """What a beginner writes. The stage has a name because builds ask for the stack's target by name."""
    listed = requirements.file(build.install)
    extra = "".join(f" {name}" for name in build.install.extra)
    lines = [
        f"FROM {build.base} AS {build.target}",
        "WORKDIR /app",
        "COPY . .",
        f"RUN --mount=type=secret,id=ca {_WITH_CA}pip install -r {listed}{extra}",
        f"ENV PYTHONPATH={':'.join(f'/app/{root}'.rstrip('/') for root in build.import_roots)}",
    ]
    return "\n".join(lines) + "\n"


def _judge(measured: Measurement, bounds: Bounds) -> Judgement:
    size = cast(int, measured.observed["bytes"])
    control = cast(int, measured.observed["control_bytes"])
    limit = _mb(bounds.image_bytes)
    if size > bounds.image_bytes:
        return Judgement(Verdict.REFUTED, f"{_mb(size)} is over the limit of {limit}{_largest(measured)}", limit)
    share = 100 * size / control - 100
    beside = f"{abs(share):.0f} % {'above' if share > 0 else 'below'} the plain build with {_mb(control)}"
    return Judgement(Verdict.PROVED, f"{_mb(size)}, {beside}", limit)


def _largest(measured: Measurement) -> str:
    layers = cast(list[dict[str, int | str]], measured.observed["layers"])
    if not layers:
        return ""
    largest = max(layers, key=lambda layer: layer["bytes"])
    return f"; the largest layer has {_mb(cast(int, largest['bytes']))}: {str(largest['made_by'])[:120]}"


def _mb(size: int) -> str:
    return f"{size / 1e6:.0f} MB"


CLAIM = Claim(
    id="SP202-image-size",
    group="image",
    says="The image is within `image_bytes`; its size is shown beside a plain single-stage build of the application.",
    measure=_measure,
    judge=_judge,
)

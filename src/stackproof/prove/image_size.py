"""SP202: every image stays within the limit; its size is shown beside a plain single-stage build's."""

from collections.abc import Mapping
from pathlib import Path
from typing import cast

from stackproof.model.artifacts import Image
from stackproof.model.proof import Claim, Json, Judgement, Measurement
from stackproof.model.running import Bench
from stackproof.model.stack import AnyBuild, Bounds, Build, GivenBuild, NodeBuild
from stackproof.prove import images, requirements
from stackproof.prove.verdicts import Row, held, rows, rows_in
from stackproof.tools import command

_WITH_CA = "if [ -s /run/secrets/ca ]; then export PIP_CERT=/run/secrets/ca SSL_CERT_FILE=/run/secrets/ca; fi; "
_NODE_CA = "if [ -s /run/secrets/ca ]; then export NODE_EXTRA_CA_CERTS=/run/secrets/ca; fi; "
_INSTALLS = {"npm": "npm ci", "pnpm": "npm install --global pnpm; pnpm install", "yarn": "yarn install"}


def _measure(bench: Bench) -> Measurement:
    found = [_compared(bench, build) for _, build in bench.stack.images()]
    return Measurement(
        figure="; ".join(_figure(row) for row in found),
        how="unpacked size of all layers, beside a single-stage build on the same base: COPY . ., install of the same "
        "lock, build, root; an adopted stack's image by itself",
        observed={"images": cast(list[Json], found), "control_bytes": found[0]["control_bytes"]},
    )


def _figure(row: Mapping[str, Json]) -> str:
    beside = f" (plain build {_mb(row['control_bytes'])})" if row["control_bytes"] else ""
    return f"{_mb(row['bytes'])}{beside}"


def _compared(bench: Bench, build: AnyBuild) -> dict[str, Json]:
    image = bench.image("" if isinstance(build, Build) else build.name).image
    if isinstance(build, GivenBuild):
        return {"name": build.name, "bytes": image.size, "control_bytes": None, "layers": _layers(image)}
    dockerfile = _plain_node(build) if isinstance(build, NodeBuild) else _plain_python(build)
    with bench.context() as folder:
        here = _prepared(bench, folder, build)
        (here / "Dockerfile").write_text(dockerfile)
        with images.built(bench, folder, f"control-{build.name}", dockerfile=dockerfile, image=build) as built:
            return {
                "name": build.name, "bytes": image.size, "control_bytes": built.image.size,
                "control_seconds": built.seconds,
                "control_dockerfile": dockerfile, "layers": _layers(image),
            }  # fmt: skip


def _prepared(bench: Bench, folder: Path, build: Build | NodeBuild) -> Path:
    """The build's context as a beginner has it: everything in it goes to the builder."""
    if isinstance(build, Build):
        command.must(requirements.export(bench, folder), "Exporting the lock", requirements.FIX)
    here = folder / (build.context if isinstance(build, NodeBuild) else "")
    (here / ".dockerignore").unlink(missing_ok=True)
    return here


def _layers(image: Image) -> list[Json]:
    return [{"bytes": layer.size, "made_by": layer.made_by} for layer in image.layers]


def _plain_python(build: Build) -> str:
    """What a beginner writes. The stage has a name because builds ask for the stack's target by name."""
    listed = requirements.file(build.install)
    # By itself: pip takes nothing without a hash beside a file whose lines have some.
    extra = f" && pip install {' '.join(build.install.extra)}" if build.install.extra else ""
    roots = ":".join(f"/app/{root}".rstrip("/") for root in build.import_roots)
    lines = [
        f"FROM {build.base} AS {build.target}",
        "WORKDIR /app",
        "COPY . .",
        f"RUN --mount=type=secret,id=ca {_WITH_CA}pip install -r {listed}{extra}",
        f"ENV PYTHONPATH={roots}",
        *(f"RUN {' '.join(words)}" for words in build.prepare),
    ]
    return "\n".join(lines) + "\n"


def _plain_node(build: NodeBuild) -> str:
    script = [f"RUN npm run {build.script}"] if build.target == "runtime" else []
    lines = [
        f"FROM {build.base} AS {build.target}",
        "WORKDIR /app",
        "COPY . .",
        f"RUN --mount=type=secret,id=ca {_NODE_CA}{_INSTALLS[build.tool]}",
        *script,
    ]
    return "\n".join(lines) + "\n"


def _judge(measured: Measurement, bounds: Bounds) -> Judgement:
    found, limit = rows(measured, "images"), _mb(bounds.image_bytes)
    large = (row for row in found if cast(int, row["bytes"]) > bounds.image_bytes)
    problems = (
        f"{images.named(found, row)}{_mb(row['bytes'])} is over the limit of {limit}{_largest(row)}" for row in large
    )
    return held(problems, "; ".join(f"{images.named(found, row)}{_beside(row)}" for row in found), limit)


def _beside(row: Row) -> str:
    if row["control_bytes"] is None:
        return _mb(row["bytes"])
    size, control = cast(int, row["bytes"]), cast(int, row["control_bytes"])
    share = 100 * size / control - 100
    return f"{_mb(size)}, {abs(share):.0f} % {'above' if share > 0 else 'below'} the plain build with {_mb(control)}"


def _largest(row: Row) -> str:
    layers = rows_in(row, "layers")
    if not layers:
        return ""
    largest = max(layers, key=lambda layer: cast(int, layer["bytes"]))
    return f"; the largest layer has {_mb(largest['bytes'])}: {str(largest['made_by'])[:120]}"


def _mb(size: Json) -> str:
    return f"{cast(int, size) / 1e6:.0f} MB"


CLAIM = Claim(
    id="SP202-image-size",
    group="image",
    says="Every image is within `image_bytes`; its size is shown beside a plain single-stage build of the same.",
    measure=_measure,
    judge=_judge,
    long="a plain build to compare with",
    company="builds",
)

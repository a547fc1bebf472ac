"""SP207: when only application code changes, only the application's layer does."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from stackproof.errors import Unmeasurable
from stackproof.model.artifacts import Built, Image
from stackproof.model.proof import Claim, Json, Judgement, Measurement, Verdict
from stackproof.model.running import Bench
from stackproof.model.stack import Bounds
from stackproof.prove import images, imports

_PACKAGES = "/site-packages/"


def _measure(bench: Bench) -> Measurement:
    touched = imports.source_of(bench)
    if touched is None:
        raise Unmeasurable("no Python file of the application goes into the image", fix="See `stackproof plan`.")
    with _changed(bench, touched, "once") as before, _changed(bench, touched, "twice") as after:
        layers = _layers(bench, before.image, after.image)
    changed = sum(cast(int, layer["bytes"]) for layer in layers if layer["changed"])
    total = sum(cast(int, layer["bytes"]) for layer in layers)
    return Measurement(
        figure=f"{changed / 1e3:.0f} kB of {total / 1e6:.0f} MB change",
        how=f"a comment line added to {touched}, built, another one added, built again; digests of all layers compared",
        observed={"touched": touched, "layers": cast(list[Json], layers)},
    )


@contextmanager
def _changed(bench: Bench, touched: str, purpose: str) -> Iterator[Built]:
    """A build with a line that no build had before.

    Both builds need one: where all steps of an image are cached, and some of them twice (after a build without cache),
    the builder takes other ones of these than where the last step must be run.
    """
    with bench.context() as folder:
        with (folder / touched).open("a") as module:
            module.write(f"\n# a line more, to see which layers change: {uuid.uuid4()}\n")
        with images.built(bench, folder, purpose) as built:
            yield built


def _layers(bench: Bench, before: Image, after: Image) -> list[dict[str, Json]]:
    known = {layer.digest for layer in before.layers}
    with_packages, with_modules = _contents(bench, after)
    return [
        {
            "digest": layer.digest,
            "bytes": layer.size,
            "made_by": layer.made_by,
            "changed": layer.digest not in known,
            "packages": layer.digest in with_packages,
            "modules": layer.digest in with_modules,
        }
        for layer in after.layers
    ]


def _contents(bench: Bench, image: Image) -> tuple[set[str], set[str]]:
    """Digests of the layers that hold third-party packages, and of those that hold the application's code.

    What the build makes by running that code (a trained model) is the application's, too.
    """
    packages, own = set(), set()
    made = tuple(f"/app/{path}" for path in bench.stack.build.prepared)
    suffixes = tuple(f"/{path}" for path in bench.tree.python() if path.split("/")[0] in bench.stack.build.copy)
    for digest, path, _ in bench.workshop.layer_files(image):
        full = f"/{path.lstrip('/')}"
        if _PACKAGES in full:
            packages.add(digest)
        elif full.endswith(suffixes) or full.startswith(made):
            own.add(digest)
    return packages, own


def _judge(measured: Measurement, _: Bounds) -> Judgement:
    layers = cast(list[dict[str, Json]], measured.observed["layers"])
    changed = [layer for layer in layers if layer["changed"]]
    touched = measured.observed["touched"]
    if not any(layer["packages"] for layer in layers):
        return Judgement(Verdict.UNMEASURED, "no layer with installed packages was found")
    if not changed:
        return Judgement(Verdict.REFUTED, f"{touched} was changed, but no layer: the image does not hold that file")
    if with_packages := [layer for layer in changed if layer["packages"]]:
        return Judgement(
            Verdict.REFUTED, f"a line more in {touched} makes a new layer of packages: {_words(with_packages)}"
        )
    if other := [layer for layer in changed if not layer["modules"]]:
        return Judgement(Verdict.REFUTED, f"a line more in {touched} changes a layer without code: {_words(other)}")
    kept = len(layers) - len(changed)
    return Judgement(
        Verdict.PROVED, f"{kept} of {len(layers)} layers keep their digest, those with packages among them"
    )


def _words(layers: list[dict[str, Json]]) -> str:
    return "; ".join(f"{cast(int, layer['bytes']) / 1e6:.1f} MB by {str(layer['made_by'])[:120]}" for layer in layers)


CLAIM = Claim(
    id="SP207-stable-dependency-layer",
    group="image",
    says="When only application code changes, every layer but the application's keeps its digest.",
    measure=_measure,
    judge=_judge,
    company="builds",
)

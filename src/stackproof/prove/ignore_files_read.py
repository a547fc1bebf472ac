"""SP110: each build context has an ignore file where the builder looks for it, and none lies where nobody does."""

from collections.abc import Iterator
from posixpath import dirname, join, normpath

from stackproof.model.proof import Claim, Json, Judgement, Measurement
from stackproof.model.running import Bench
from stackproof.model.stack import Bounds
from stackproof.prove import composed
from stackproof.prove.composed import Document
from stackproof.prove.verdicts import Row, held, rows, text, texts

_NAME = ".dockerignore"


def _measure(bench: Bench) -> Measurement:
    files = {*bench.tree.paths, *(artifact.path for artifact in bench.artifacts)}
    builds = dict.fromkeys(
        _build(service)
        for document in composed.documents(bench).values()
        for _, service in composed.services(document)
        if "build" in service
    )
    built = {dockerfile for _, dockerfile in builds}
    found: list[Json] = [
        {"context": context, "dockerfile": dockerfile, "looked_for": [*places], "read": _first(places, files)}
        for context, dockerfile in builds
        if (places := _places(context, dockerfile))
    ]
    return Measurement(
        f"{len(found)} build contexts",
        "for each `build:` of the rendered Compose files the ignore file that BuildKit takes: NAME.dockerignore beside "
        "the Dockerfile NAME, else .dockerignore at the top of the context; and all ignore files that there are",
        {"builds": found, "files": [*sorted(path for path in files if _concerns(path, files, built))]},
    )


def _build(service: Document) -> tuple[str, str]:
    """The context and the Dockerfile, as paths of the project."""
    said = service["build"]
    where, name = (said, None) if isinstance(said, str) else (said.get("context", "."), said.get("dockerfile"))
    context = normpath(join("deploy", where))
    return context, normpath(join(context, name or "Dockerfile"))


def _places(context: str, dockerfile: str) -> tuple[str, str]:
    return f"{dockerfile}{_NAME}", normpath(join(context, _NAME))


def _first(places: tuple[str, ...], files: set[str]) -> str:
    return next((place for place in places if place in files), "")


def _concerns(path: str, files: set[str], built: set[str]) -> bool:
    """One beside a Dockerfile that these files do not build is another build's."""
    if not path.endswith(_NAME):
        return False
    beside = path.removesuffix(_NAME) if not path.endswith(f"/{_NAME}") and path != _NAME else ""
    dockerfile = beside or join(dirname(path), "Dockerfile")
    return dockerfile not in files or dockerfile in built


def _judge(measurement: Measurement, _: Bounds) -> Judgement:
    builds = rows(measurement, "builds")
    read = {text(row, "read") for row in builds}
    idle = [file for file in texts(measurement.observed, "files") if file not in read]
    said = ", ".join(f"{row['read']} for {row['context']}" for row in builds)
    return held((*_missing(builds), *(f"{file} is read by no build" for file in idle)), f"read: {said}")


def _missing(builds: tuple[Row, ...]) -> Iterator[str]:
    for row in builds:
        if not row["read"]:
            places = " or ".join(texts(row, "looked_for"))
            yield f"everything in {row['context']} is sent to the builder: there is no {places}"


CLAIM = Claim(
    id="SP110-ignore-files-read",
    group="source",
    says="Each build reads an ignore file, and no ignore file lies where none is read.",
    measure=_measure,
    judge=_judge,
)

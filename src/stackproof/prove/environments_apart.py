"""SP104: no two environments share a name, a port of the host, a volume, a network, an image or a secret."""

from collections.abc import Iterator
from itertools import combinations

from stackproof.model.proof import Claim, Json, Judgement, Measurement
from stackproof.model.running import Bench
from stackproof.model.stack import Bounds
from stackproof.prove import composed
from stackproof.prove.composed import Document
from stackproof.prove.verdicts import Row, held, row_in, texts

_KINDS = ("project name", "port of the host", "network", "volume", "image", "secret file")
_SHARED = "${"  # a path that the user's own environment gives: the CA bundle


def _measure(bench: Bench) -> Measurement:
    found = {name: _taken(document) for name, document in composed.documents(bench).items()}
    total = sum(len(taken) for kinds in found.values() for taken in kinds.values() if isinstance(taken, list))
    return Measurement(
        f"{total} names in {len(found)} environments",
        "what each rendered Compose file takes on a host: its project name, ports, networks, volumes, the images that "
        "it builds, and the files of its secrets",
        {"environments": {name: {**kinds} for name, kinds in found.items()}},
    )


def _taken(document: Document) -> dict[str, Json]:
    services = [service for _, service in composed.services(document)]
    ports: list[Json] = [each for service in services for each in composed.published(service)]
    images: list[Json] = [*{str(service["image"]): None for service in services if "build" in service}]
    files = [str(secret.get("file", "")) for secret in (document.get("secrets") or {}).values()]
    secrets: list[Json] = [file for file in files if not file.startswith(_SHARED)]
    parts = ([document["name"]], ports, composed.names(document, "networks"), composed.names(document, "volumes"))
    return dict(zip(_KINDS, (*parts, images, secrets), strict=True))


def _judge(measurement: Measurement, _: Bounds) -> Judgement:
    found = row_in(measurement.observed, "environments") or {}
    problems = list(_problems(found))
    return held(problems, f"{', '.join(found)} share no {', no '.join(_KINDS)}")


def _problems(found: Row) -> Iterator[str]:
    for name in found:
        ports = texts(row_in(found, name) or {}, "port of the host")
        yield from (f"{name} takes {port} twice" for port in sorted(set(ports)) if ports.count(port) > 1)
    for one, other in combinations(found, 2):
        for kind in _KINDS:
            both = set(texts(row_in(found, one) or {}, kind)) & set(texts(row_in(found, other) or {}, kind))
            yield from (f"{one} and {other} share the {kind} {name}" for name in sorted(both))


CLAIM = Claim(
    id="SP104-environments-apart",
    group="source",
    says="Development, stage and production share no name, port, network, volume, image or secret.",
    measure=_measure,
    judge=_judge,
    rendered="the files given are one environment",
)

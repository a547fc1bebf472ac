"""SP208: what is in the project's images is what the locks pin, and every file of the environment has a package."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import cast

from stackproof.errors import Unmeasurable
from stackproof.model.builds import Build, GivenBuild, NodeBuild
from stackproof.model.facts import Locked
from stackproof.model.proof import Claim, Json, Judgement, Measurement
from stackproof.model.running import Bench
from stackproof.model.stack import Bounds
from stackproof.prove import components, pins, requirements
from stackproof.prove.components import Inside
from stackproof.prove.verdicts import Row, held, rows, rows_in, text, texts, whole
from stackproof.tools import command

_LICENSES = 8  # that the message names
_NAMED = 3  # of the files without a package


def _measure(bench: Bench) -> Measurement:
    if bench.stack.build.install.lock is None:
        raise Unmeasurable(
            f"{bench.stack.build.install.manifest} has no lock that the image could be held against",
            fix="Lock the dependencies: poetry lock, uv lock or pip-compile.",
        )
    found = [
        (build, bench.image(build.name).image, components.of(bench, build))
        for _, build in bench.stack.images()
        if not isinstance(build, GivenBuild)  # this is not asked of an adopted stack
    ]
    seen: list[Json] = [
        {
            "name": build.name,
            "tag": image.tag,
            "digest": image.digest,
            "base": build.base,
            "release": dict(inside.release),
            **(_python(bench, inside) if isinstance(build, Build) else _node(bench, build)),
            "components": [{key: row[key] for key in row if key != "requires"} for row in inside.components],
        }
        for build, image, inside in found
    ]
    return Measurement(
        _figure(tuple(cast(Row, each) for each in seen)),
        "as root in a fresh container: the metadata of every installed distribution, dpkg's database, every file of "
        "the environment; in images without Python the same from the layers; held against the lock, exported for the "
        "image's own platform",
        {"images": seen},
        raw=tuple(done for _, _, inside in found for done in inside.raw),
    )


def _python(bench: Bench, inside: Inside) -> dict[str, Json]:
    """What is locked; what the start needs besides; and whether all that is locked must be there."""
    install, dev = bench.stack.build.install, bench.stack.build.target == "dev"
    markers = cast(Mapping[str, str], inside.told["markers"])
    with bench.context() as folder:
        command.must(requirements.export(bench, folder), "Exporting the lock", requirements.FIX)
        locked = pins.of_requirements(folder, requirements.file(install), markers)
        more = [path for path in install.inputs if dev and path.endswith(".txt")]
        also = {name for path in more for name in pins.of_requirements(folder, path, markers)}
    if dev:
        also |= {each.name for each in bench.project.all(Locked)}
    own = pins.needed(install.extra, rows_in(inside.told, "python"), markers)
    return {
        "kind": "pypi",
        "lock": install.lock,
        "locked": cast(dict[str, Json], locked),
        "besides": cast(list[Json], sorted({*own, *also, pins.normalised(bench.project.name)} - locked.keys())),
        "complete": True,
        "elsewhere": [text(row, "where") for row in rows_in(inside.told, "elsewhere")],
        "strays": inside.told["strays"],
        "stray_count": inside.told["stray_count"],
    }


def _node(bench: Bench, build: NodeBuild) -> dict[str, Json]:
    """A build takes along what it needs, so not all that is locked is there. Only npm's lock can be read."""
    path = f"{build.context}/{build.lock}".lstrip("/")
    lock = bench.tree.text(path) if build.tool == "npm" else None
    return {
        "kind": "npm",
        "lock": path if lock else None,
        "locked": cast(dict[str, Json], pins.of_package_lock(lock)) if lock else {},
        "besides": [],
        "complete": False,
        "elsewhere": [],
        "strays": [],
        "stray_count": 0,
    }


def _figure(seen: tuple[Row, ...]) -> str:
    said = []
    for image in seen:
        kinds = Counter(text(row, "kind") for row in rows_in(image, "components"))
        said.append(f"{image['name']}: {', '.join(f'{count} {kind}' for kind, count in sorted(kinds.items()))}")
    return "; ".join(said)


def _judge(measured: Measurement, _: Bounds) -> Judgement:
    seen = rows(measured, "images")
    return held((problem for image in seen for problem in _problems(image)), "; ".join(map(_said, seen)))


def _problems(image: Row) -> Iterator[str]:
    locked = cast(Mapping[str, list[str]], image["locked"])
    besides, there = texts(image, "besides"), set[str]()
    for row in _own(image):
        name, version = _name(image, row), text(row, "version")
        there.add(name)
        wanted = locked.get(name)
        if wanted is None and name not in besides and image["lock"]:
            yield f"{image['name']} holds {name} {version} ({row['where']}), which {image['lock']} does not pin"
        elif wanted and not any(_same(image, version, each) for each in wanted):
            yield f"{image['name']} holds {name} {version}, and {image['lock']} pins {', '.join(wanted)}"
    for name in sorted(locked.keys() - there) if image["complete"] else ():
        yield f"{image['name']} lacks {name} {', '.join(locked[name])}, which {image['lock']} pins"
    if strays := texts(image, "strays")[:_NAMED]:
        others = (whole(image, "stray_count") or 0) - len(strays)
        yield f"{image['name']}: no package has {', '.join(strays)}{f' and {others} more' if others else ''}"


def _own(image: Row) -> tuple[Row, ...]:
    """What the project brought: not the packages of its base."""
    elsewhere = texts(image, "elsewhere")
    return tuple(
        row for row in rows_in(image, "components") if row["kind"] == image["kind"] and row["where"] not in elsewhere
    )


def _name(image: Row, row: Row) -> str:
    return pins.normalised(text(row, "name")) if image["kind"] == "pypi" else text(row, "name")


def _same(image: Row, version: str, wanted: str) -> bool:
    """Python's versions may be written in several ways: 1.0 is 1.0.0."""
    if version == wanted or image["kind"] != "pypi":
        return version == wanted
    from packaging.version import InvalidVersion, Version

    try:
        return Version(version) == Version(wanted)
    except InvalidVersion:
        return False


def _said(image: Row) -> str:
    held_by = f"as {image['lock']} pins them" if image["lock"] else "no lock of npm to hold them against"
    licenses = Counter(text(row, "license") or "none given" for row in _own(image)).most_common(_LICENSES)
    named = ", ".join(f"{name} ({count})" for name, count in licenses)
    return f"{image['name']}: {len(_own(image))} packages, {held_by}; licences: {named or 'none'}"


CLAIM = Claim(
    id="SP208-contents-known",
    group="image",
    says="Every image holds the packages that the lock pins, in these versions, and no file without a package.",
    measure=_measure,
    judge=_judge,
    rendered="it knows by the rendered Dockerfile which packages of the lock must be there",
    company="looks",
)

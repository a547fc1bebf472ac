"""SR405: an override that Compose reads by itself turns a deployment into development."""

from collections.abc import Iterator

from stackproof.check.environments import tag
from stackproof.check.reading import inside, nodes, text
from stackproof.model.composition import Composition
from stackproof.model.findings import Inspected, Rule, Sighting


def _check(inspected: Inspected) -> Iterator[Sighting]:
    deployed = {_folder(each) for each in inspected.compositions if tag(each) in ("prod", "stage")}
    for composition in inspected.compositions:
        override = composition.files[-1]
        if ".override." not in override or _folder(composition) not in deployed:
            continue
        mounting = [name for name, spec in composition.services().items() if _mounts_source(dict(spec))]
        if mounting:
            yield Sighting(
                composition.at("services", mounting[0], "volumes"),
                f"`docker compose up` without -f reads {override}, which mounts the source into {', '.join(mounting)}",
            )


def _mounts_source(spec: dict[str, object]) -> bool:
    mounts = nodes(spec.get("volumes"))
    return any(each.get("type") == "bind" and inside(text(each.get("source"))) is not None for each in mounts)


def _folder(composition: Composition) -> str:
    return composition.files[-1].rpartition("/")[0]


RULE = Rule(
    "SR405-override-loaded",
    says="Nothing is read by itself that only developers want.",
    fix="Name it compose.dev.yaml and give it with -f: an override is read wherever the repository is cloned.",
    severity="warning",
    profile="recommended",
    check=_check,
)

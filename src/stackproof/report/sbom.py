"""The contents of each image, as SP208 measured them, as a bill of materials in CycloneDX 1.6 (cyclonedx.org)."""

import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from stackproof.model.proof import Record

_MEASURED_BY = "SP208-contents-known"
_DISTRIBUTIONS = {"deb": "debian", "apk": "alpine"}
Json = Mapping[str, Any]


def render(record: Record) -> Iterator[tuple[str, str]]:
    """Name and text of one file for each image. The same record gives the same bytes."""
    measured = (item.measurement for item in record.evidence if item.claim == _MEASURED_BY and item.measurement)
    for measurement in measured:
        for image in measurement.observed["images"]:
            text = json.dumps(_document(record, image), indent=1, ensure_ascii=False)
            yield f"sbom-{image['name']}.cdx.json", f"{text}\n"


def _document(record: Record, image: Json) -> dict[str, object]:
    components = {each["bom-ref"]: each for each in (_component(row, image) for row in image["components"])}
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "timestamp": record.begun,
            "tools": {"components": [{"type": "application", "name": "stackproof", "version": record.stackproof}]},
            "component": {
                "type": "container",
                "bom-ref": "image",
                "name": image["tag"].partition(":")[0],
                "version": image["digest"],
            },
        },
        "components": list(components.values()),
    }


def _component(row: Json, image: Json) -> dict[str, object]:
    made: dict[str, object] = {
        "type": "library",
        "bom-ref": _purl(row, image),
        "name": row["name"],
        "version": row["version"],
        "purl": _purl(row, image),
    }
    if row["license"]:
        made["licenses"] = [{"license": {"name": row["license"]}}]
    return made


def _purl(row: Json, image: Json) -> str:
    """github.com/package-url/purl-spec: how each kind is named."""
    kind, name, version = row["kind"], str(row["name"]), quote(row["version"], safe="")
    if kind == "pypi":
        return f"pkg:pypi/{name.replace('_', '-').lower()}@{version}"
    if kind == "npm":
        return f"pkg:npm/{quote(name)}@{version}"
    release = image["release"]
    distribution = release.get("ID") or _DISTRIBUTIONS[kind]
    said = [f"arch={row['architecture']}"] if row.get("architecture") else []
    said += [f"distro={distribution}-{release['VERSION_ID']}"] if release.get("VERSION_ID") else []
    return f"pkg:{kind}/{distribution}/{quote(name)}@{version}{'?' if said else ''}{'&'.join(said)}"

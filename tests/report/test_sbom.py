"""The bill of materials of each image, made from the record alone."""

import json
from dataclasses import replace

from stackproof.model.proof import Evidence, Json, Measurement, Verdict
from stackproof.report import record, sbom
from tests.report.sample import RECORD

APP: dict[str, Json] = {
    "name": "app",
    "tag": "shop:prod",
    "digest": "sha256:aa",
    "release": {"ID": "debian", "VERSION_ID": "12"},
    "components": [
        {
            "kind": "deb",
            "name": "libstdc++6",
            "version": "1:2.36",
            "license": "",
            "where": "dpkg",
            "architecture": "amd64",
        },
        {"kind": "pypi", "name": "Typing_Extensions", "version": "4.15.0", "license": "PSF-2.0", "where": "/a"},
        {"kind": "pypi", "name": "Typing_Extensions", "version": "4.15.0", "license": "PSF-2.0", "where": "/b"},
    ],
}
WEB: dict[str, Json] = {
    "name": "web",
    "tag": "shop-web:prod",
    "digest": "sha256:bb",
    "release": {},
    "components": [
        {"kind": "apk", "name": "musl", "version": "1.2.5-r10", "license": "MIT", "where": "apk"},
        {"kind": "npm", "name": "@img/colour", "version": "1.0.0", "license": "", "where": "app"},
    ],
}
MEASURED = Evidence(
    "SP208-contents-known", "image", "", Verdict.PROVED, "", "", 1.0, Measurement("", "", {"images": [APP, WEB]})
)
WHOLE = replace(RECORD, evidence=(*RECORD.evidence, MEASURED))


def test_one_for_each_image() -> None:
    made = dict(sbom.render(WHOLE))
    assert list(made) == ["sbom-app.cdx.json", "sbom-web.cdx.json"]
    app = json.loads(made["sbom-app.cdx.json"])
    assert (app["bomFormat"], app["specVersion"], app["version"]) == ("CycloneDX", "1.6", 1)
    assert app["metadata"]["component"] == {
        "type": "container", "bom-ref": "image", "name": "shop", "version": "sha256:aa",
    }  # fmt: skip
    assert app["metadata"]["timestamp"] == RECORD.begun


def test_components_are_there_once_and_named_as_everybody_does() -> None:
    found = [each for text in dict(sbom.render(WHOLE)).values() for each in json.loads(text)["components"]]
    assert [each["purl"] for each in found] == [
        "pkg:deb/debian/libstdc%2B%2B6@1%3A2.36?arch=amd64&distro=debian-12",
        "pkg:pypi/typing-extensions@4.15.0",
        "pkg:apk/alpine/musl@1.2.5-r10",
        "pkg:npm/%40img/colour@1.0.0",
    ]
    assert [each.get("licenses") for each in found] == [
        None, [{"license": {"name": "PSF-2.0"}}], [{"license": {"name": "MIT"}}], None,
    ]  # fmt: skip


def test_a_stored_record_gives_the_same_bytes() -> None:
    again = record.load(record.dump(WHOLE).encode(), "record.json")
    assert dict(sbom.render(again)) == dict(sbom.render(WHOLE))


def test_nothing_where_it_was_not_measured() -> None:
    assert list(sbom.render(RECORD)) == []
    assert list(sbom.render(replace(RECORD, evidence=(replace(MEASURED, measurement=None),)))) == []

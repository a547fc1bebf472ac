import json

from conftest import APPLICATION


def test_the_lock_names_no_host_and_has_every_hash() -> None:
    text = (APPLICATION / "frontend" / "package-lock.json").read_text()
    packages = json.loads(text)["packages"]
    assert len(packages) > 1
    assert [name for name, package in packages.items() if "resolved" in package] == []
    assert [name for name, package in packages.items() if name and "integrity" not in package] == []


def test_the_manifest_and_the_lock_agree() -> None:
    frontend = APPLICATION / "frontend"
    manifest = json.loads((frontend / "package.json").read_text())
    locked = json.loads((frontend / "package-lock.json").read_text())["packages"]
    for kind in ("dependencies", "devDependencies"):
        for name, version in manifest[kind].items():
            assert locked[f"node_modules/{name}"]["version"] == version

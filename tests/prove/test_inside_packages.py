"""What the script that lists packages finds, in an environment made by hand."""

import sys
from pathlib import Path
from typing import cast

import pytest

from stackproof.prove.inside import packages

METADATA = "Metadata-Version: 2.1\nName: {}\nVersion: 1.0\n{}\n"


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only one that Python looks into: one package with a module, its bytecode and a program."""
    site = tmp_path / "lib" / "python3.11" / "site-packages"
    _package(site, "shop", "License-Expression: MIT OR Apache-2.0\nRequires-Dist: click>=8")
    for path in ("pyvenv.cfg", "bin/python3.11", "bin/activate.fish", "bin/Activate.ps1"):
        _write(tmp_path / path)
    _write(site / "__pycache__" / "shop.cpython-311.pyc")
    _write(site / "__pycache__" / "shop.cpython-311.opt-2.pyc")
    monkeypatch.setattr(sys, "path", [str(site)])
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    return site


def _package(site: Path, name: str, *fields: str) -> None:
    _write(site / f"{name}-1.0.dist-info" / "METADATA", METADATA.format(name, "\n".join(fields)))
    record = f"{name}.py,,\n{name}-1.0.dist-info/METADATA,,\n{name}-1.0.dist-info/RECORD,,\n../../../bin/{name},,\n"
    _write(site / f"{name}-1.0.dist-info" / "RECORD", record)
    _write(site / f"{name}.py")
    _write(site.parents[2] / "bin" / name)


def _write(path: Path, text: str = "") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_every_file_has_a_package(environment: Path) -> None:
    (environment / "shop.py").write_text("x = 1\n")
    _write(environment / "__pycache__" / f"shop.{sys.implementation.cache_tag}.pyc", "12345678")
    listed = sum(each.stat().st_size for each in environment.glob("shop-1.0.dist-info/*"))
    found = packages.look(5)
    assert found["python"] == [
        {"name": "shop", "version": "1.0", "license": "MIT OR Apache-2.0", "where": str(environment),
         "requires": ["click>=8"], "bytes": listed + 6 + 8}
    ]  # fmt: skip
    assert (found["strays"], found["stray_count"]) == ([], 0)
    assert found["prefix"] == sys.prefix
    assert packages._markers()["sys_platform"] == sys.platform


def test_files_without_a_package_are_counted_and_some_named(environment: Path) -> None:
    for name in ("own.py", "__pycache__/own.cpython-311.pyc", "other/data.json"):
        _write(environment / name)
    found = packages.look(1)
    assert found["strays"] == ["lib/python3.11/site-packages/__pycache__/own.cpython-311.pyc"]
    assert found["stray_count"] == 3


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (("License: BSD",), "BSD"),
        (("License: " + "x" * 100, "Classifier: License :: OSI Approved :: MIT License"), "MIT License"),
        (("License: UNKNOWN", "Classifier: Topic :: Web"), ""),
        ((), ""),
    ],
)
def test_licences(environment: Path, fields: tuple[str, ...], said: str) -> None:
    _package(environment, "shop", *fields)
    (found,) = cast(list[dict[str, str]], packages.look(0)["python"])
    assert found["license"] == said


def test_debians_packages_from_both_forms_of_its_database(tmp_path: Path) -> None:
    there = "Package: a\nStatus: install ok installed\nVersion: 1\nArchitecture: amd64\nInstalled-Size: 3\n"
    both = f"{there}\nPackage: gone\nVersion: 1\nStatus: deinstall ok config-files\n"
    _write(tmp_path / "status", both)
    _write(tmp_path / "status.d" / "b", "Package: b\nVersion: 2\n")
    _write(tmp_path / "status.d" / "b.md5sums", "0 usr/bin/b\n")
    assert list(packages._debian(tmp_path)) == [
        {"name": "a", "version": "1", "architecture": "amd64", "bytes": 3072},
        {"name": "b", "version": "2", "architecture": "", "bytes": 0},
    ]
    assert list(packages._debian(tmp_path / "none")) == []

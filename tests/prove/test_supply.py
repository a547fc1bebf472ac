"""The claims about what images are made of: what they observe on a bench that holds answers, and what that says."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Literal

import pytest

from stackproof.errors import ToolFailed, Unmeasurable
from stackproof.model import support
from stackproof.model.artifacts import Built
from stackproof.model.facts import Locked, Project
from stackproof.model.proof import Claim, Json, Judgement, Measurement, Verdict
from stackproof.model.source import Place, SourceTree
from stackproof.model.stack import Bounds, NodeBuild, Stack
from stackproof.prove import contents_known, no_known_advisories, supported_versions
from stackproof.prove.components import Inside
from stackproof.prove.verdicts import Row
from tests.prove.fakes import API, BUILD, IMAGE, INSTALL, STACK, FakeBench, FakeWorkshop

P, R, U = Verdict.PROVED, Verdict.REFUTED, Verdict.UNMEASURED
VENV = "/app/.venv/lib/python3.11/site-packages"
MARKERS = {"python_version": "3.11", "python_full_version": "3.11.14", "sys_platform": "linux"}


def _package(name: str, version: str, *requires: str, license_: str = "MIT", where: str = VENV) -> dict[str, Json]:
    return {"name": name, "version": version, "license": license_, "where": where, "requires": [*requires]}


TOLD: dict[str, Json] = {
    "python": [_package("Flask", "3.1.0", "click"), _package("click", "8.2.0", license_="BSD-3-Clause")],
    "elsewhere": [_package("setuptools", "65.5.1", where="/usr/local/lib/python3.11/site-packages")],
    "debian": [{"name": "libc6", "version": "2.36-9", "architecture": "amd64"}],
    "release": {"ID": "debian", "VERSION_ID": "12"},
    "strays": [],
    "stray_count": 0,
    "markers": dict(MARKERS),
}
LOCK = b"flask==3.1\nclick==8.2.0\npywin32==1 ; sys_platform == 'win32'\n"
PIP = replace(INSTALL, tool="pip", manifest="requirements.in", lock="requirements.txt", inputs=("requirements.txt",))
PINNED = replace(STACK, build=replace(BUILD, install=PIP))
SOURCE = {"src/shop/main.py": b"app = 1\n", "requirements.txt": LOCK}


Told = Mapping[str, Json]


def _bench(
    tmp_path: Path, stack: Stack = PINNED, source: Mapping[str, bytes] | None = None, told: Told | None = None
) -> FakeBench:
    shop = FakeWorkshop(looks={"What is in an image": {**TOLD, **(told or {})}})
    return FakeBench(tmp_path, shop, stack, SourceTree({**SOURCE, **(source or {})}), Project("shop", ()))


def _judged(claim: Claim, bench: FakeBench, bounds: Bounds | None = None) -> tuple[Measurement, Judgement]:
    """Judged from what is left of it in a record."""
    measured = claim.measure(bench)
    stored = replace(measured, observed=json.loads(json.dumps(dict(measured.observed))))
    return stored, claim.judge(stored, bounds or Bounds())


def test_packages_that_are_the_locked_ones(tmp_path: Path) -> None:
    measured, judgement = _judged(contents_known.CLAIM, _bench(tmp_path))
    assert judgement == Judgement(
        P, "app: 2 packages, as requirements.txt pins them; licences: MIT (1), BSD-3-Clause (1)"
    )
    assert measured.figure == "app: 1 deb, 3 pypi"
    kinds = [(row["kind"], row["name"]) for row in measured.observed["images"][0]["components"]]
    assert kinds == [("deb", "libc6"), ("pypi", "Flask"), ("pypi", "click"), ("pypi", "setuptools")]


@pytest.mark.parametrize(
    ("told", "says"),
    [
        (
            {"python": [*TOLD["python"], _package("six", "1.17.0")]},  # type: ignore[misc]
            f"app holds six 1.17.0 ({VENV}), which requirements.txt does not pin",
        ),
        (
            {"python": [_package("Flask", "3.0.9"), _package("click", "8.2.0")]},
            "app holds flask 3.0.9, and requirements.txt pins 3.1",
        ),
        (
            {"python": [_package("Flask", "main"), _package("click", "8.2.0")]},
            "app holds flask main, and requirements.txt pins 3.1",
        ),
        ({"python": [_package("Flask", "3.1.0")]}, "app lacks click 8.2.0, which requirements.txt pins"),
        ({"strays": ["own.py"], "stray_count": 1}, "app: no package has own.py"),
        ({"strays": list("abcde"), "stray_count": 9}, "app: no package has a, b, c and 6 more"),
    ],
)
def test_packages_that_are_not(told: dict[str, Json], says: str, tmp_path: Path) -> None:
    assert _judged(contents_known.CLAIM, _bench(tmp_path, told=told))[1] == Judgement(R, says)


def test_what_the_start_needs_may_be_there_and_the_project_itself(tmp_path: Path) -> None:
    more = [_package("uvicorn", "0.54.0", "h11"), _package("h11", "0.16"), _package("shop", "0.1", where="/app/src")]
    build = replace(PINNED.build, install=replace(PIP, extra=("uvicorn==0.54.0",)))
    told: Json = [*TOLD["python"], *more]  # type: ignore[misc]
    bench = _bench(tmp_path, replace(PINNED, build=build), told={"python": told})
    assert _judged(contents_known.CLAIM, bench)[1].verdict is P


def test_in_dev_the_development_packages_may_be_there(tmp_path: Path) -> None:
    install = replace(PIP, inputs=("requirements.in", "requirements.txt", "dev.txt"))
    build = replace(PINNED.build, install=install, target="dev")
    told: Json = [*TOLD["python"], _package("pytest", "9"), _package("ruff", "1")]  # type: ignore[misc]
    bench = _bench(tmp_path, replace(PINNED, build=build), {"dev.txt": b"pytest==9\n"}, {"python": told})
    bench.project = Project("shop", (Locked("ruff", "1", Place("poetry.lock", 1)),))
    assert _judged(contents_known.CLAIM, bench)[1].verdict is P


def test_without_a_lock_there_is_nothing_to_hold_it_against(tmp_path: Path) -> None:
    stack = replace(PINNED, build=replace(BUILD, install=replace(PIP, lock=None)))
    with pytest.raises(Unmeasurable, match=r"requirements\.in has no lock"):
        _judged(contents_known.CLAIM, _bench(tmp_path, stack))


WEB = NodeBuild(
    name="web", context="web", node="24", base="node:24-trixie-slim", tool="npm", tool_version=None,
    lock="package-lock.json", manifests=(), copy=(), kind="next", script="build", dev=(), output=".next", public=False,
    target="runtime", server="nginx:1.30-alpine-slim",
)  # fmt: skip
FRONT = replace(PINNED, services=(API, replace(API, name="web", build="web", image="shop-web:prod")), node=(WEB,))
NPM_LOCK = json.dumps({"packages": {"node_modules/next": {"version": "16.4.5"}, "node_modules/gone": {"version": "1"}}})
ALPINE = "P:musl\nV:1.2.5-r10\nA:x86_64\nL:MIT\n\nC:Q1\n"
DEBIAN = (
    "Package: libc6\nStatus: install ok installed\nVersion: 2.41-12\nArchitecture: amd64\nDescription: libc\n more\n\n"
    "Package: gone\nStatus: deinstall ok config-files\nVersion: 1\n\nVersion: 2\n"
)
NEXT = json.dumps({"name": "next", "version": "16.4.5", "license": "MIT"})


class Front(FakeBench):
    """Its front end has an image too."""

    def image(self, name: str = "") -> Built:
        return Built(IMAGE, 2.0, "log") if name == "web" else super().image(name)


def _front(tmp_path: Path, *files: tuple[str, str], tool: Literal["npm", "pnpm"] = "npm") -> FakeBench:
    whole = _bench(tmp_path)
    assert whole.shop is not None
    base = [("var/lib/dpkg/status", DEBIAN), ("lib/apk/db/installed", ALPINE), ("etc/passwd", "root")]
    release = ("usr/lib/os-release", 'ID=debian\nVERSION_ID="13"\n')
    whole.shop.files = tuple(("sha256:x", path, said.encode()) for path, said in (*base, release, *files))
    tree = SourceTree({**SOURCE, "web/package-lock.json": NPM_LOCK.encode()})
    stack = replace(FRONT, node=(replace(WEB, tool=tool),))
    return Front(tmp_path, whole.shop, stack, tree, Project("shop", ()))


def _module(folder: str, **said: object) -> tuple[str, str]:
    return f"app/node_modules/{folder}/package.json", json.dumps(said)


def test_a_front_end_holds_what_its_lock_pins(tmp_path: Path) -> None:
    files = (
        ("app/node_modules/next/package.json", NEXT),
        ("app/node_modules/next/dist/compiled/x/package.json", '{"name": "x", "version": "0"}'),
        ("usr/lib/node_modules/corepack/package.json", '{"name": "corepack", "version": "0"}'),
        _module("esm", type="module"),
        ("app/node_modules/broken/package.json", "{"),
        ("app/node_modules/list/package.json", "[]"),
    )
    measured, judgement = _judged(contents_known.CLAIM, _front(tmp_path, *files))
    assert judgement.verdict is P
    assert "web: 1 packages, as web/package-lock.json pins them; licences: MIT (1)" in judgement.because
    assert measured.figure == "app: 1 deb, 3 pypi; web: 1 apk, 1 deb, 1 npm"
    assert measured.observed["images"][1]["release"] == {"ID": "debian", "VERSION_ID": "13"}


@pytest.mark.parametrize(
    ("name", "said", "says"),
    [
        ("@x/y", {"version": "1.0", "license": {"type": "old"}}, "web holds @x/y 1.0 (app/node_modules/@x/y"),
        ("next", {"name": "next", "version": "15.0.0"}, "web holds next 15.0.0, and web/package-lock.json pins 16.4.5"),
    ],
)
def test_a_front_end_that_holds_something_else(name: str, said: dict[str, object], says: str, tmp_path: Path) -> None:
    judgement = _judged(contents_known.CLAIM, _front(tmp_path, _module(name, **said)))[1]
    assert judgement.verdict is R
    assert says in judgement.because


def test_the_lock_of_another_tool_is_not_read(tmp_path: Path) -> None:
    judgement = _judged(contents_known.CLAIM, _front(tmp_path, _module("x", version="1"), tool="pnpm"))[1]
    assert judgement.verdict is P
    assert "web: 1 packages, no lock of npm to hold them against; licences: none given (1)" in judgement.because


def test_an_image_may_say_nothing_of_itself() -> None:
    assert Inside((), {}, {}).raw == ()


REDIS = replace(API, name="redis", role="store", image="redis:7.0-alpine@sha256:00", built=False, software="redis")


def _standing(tmp_path: Path, *services: str) -> FakeBench:
    more = tuple(replace(REDIS, name=f"s{number}", image=image) for number, image in enumerate(services))
    return _bench(tmp_path, replace(FRONT, services=(*FRONT.services, *more)))


def test_versions_are_read_from_the_image_and_the_tags(tmp_path: Path) -> None:
    tags = (
        "redis:7-alpine",
        "docker.io/library/postgres:17-trixie",
        "grafana/grafana:12.3.0",
        "no tag",
        "redis:7-alpine",
    )
    measured, judgement = _judged(supported_versions.CLAIM, _standing(tmp_path, *tags))
    found = [(row["software"], row["version"], row["ends"]) for row in measured.observed["seen"]]
    assert found == [
        ("python", "3.11.14", "2027-10-31"),
        ("debian", "12", "2028-06-30"),
        ("node", "24", "2028-04-30"),
        ("debian", "13", "2030-06-30"),
        ("nginx", "1.30", None),
        ("redis", "7", None),
        ("postgres", "17", "2029-11-08"),
        ("debian", "13", "2030-06-30"),
        ("grafana", "12.3.0", None),
    ]
    assert date.fromisoformat(measured.observed["day"]) >= support.CHECKED or judgement.verdict is P
    assert measured.figure == "python 3.11.14 until 2027-10-31; node 24 until 2028-04-30"


def test_an_image_of_another_system_has_no_debian(tmp_path: Path) -> None:
    bench = _bench(tmp_path, told={"release": {"ID": "alpine", "VERSION_ID": "3.23"}})
    measured = supported_versions.CLAIM.measure(bench)
    assert [row["software"] for row in measured.observed["seen"]] == ["python"]


def _seen(software: str, version: str, ends: str | None, known: bool = True) -> dict[str, Json]:
    return {"software": software, "version": version, "where": f"{software}:{version}", "known": known, "ends": ends,
            "source": "its page"}  # fmt: skip


PYTHON = _seen("python", "3.11.14", "2027-10-31")


@pytest.mark.parametrize(
    ("day", "seen", "verdict", "says"),
    [
        ("2026-11-22", [PYTHON], P, "1 lines of releases are in support"),
        ("2027-10-31", [PYTHON], P, "soon: python 3.11.14 (python:3.11.14) ends on 2027-10-31"),
        ("2027-05-01", [PYTHON], P, "soon: python"),
        ("2027-04-30", [PYTHON], P, "in support"),
        ("2027-11-01", [PYTHON], R, "python 3.11.14 (python:3.11.14) is out of support since 2027-10-31 (its page)"),
        ("2026-11-22", [PYTHON, _seen("redis", "7", None)], P, "no end announced: redis"),
        ("2026-11-22", [PYTHON, _seen("grafana", "12", None, known=False)], P, "not in the table: grafana"),
        ("2026-11-22", [_seen("grafana", "12", None, known=False)], U, "nothing of the stack stands in our table"),
    ],
)
def test_support_is_judged_on_the_day_of_the_proof(day: str, seen: list[Row], verdict: Verdict, says: str) -> None:
    measured = Measurement("", "", {"day": day, "table_checked": "2026-11-22", "seen": seen})
    judgement = supported_versions.CLAIM.judge(measured, Bounds())
    assert (judgement.verdict, judgement.limit) == (verdict, f"on {day}")
    assert says in judgement.because
    assert ("soon" in judgement.because) is (day in ("2027-10-31", "2027-05-01"))


OSV = {
    "id": "GHSA-1",
    "modified": "2026-11-20T10:00:00Z",
    "affected": [
        {
            "package": {"ecosystem": "PyPI", "name": "flask"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "3.1.1"}]}],
        }
    ],
    "database_specific": {"severity": "MODERATE"},
}


def _advised(tmp_path: Path, record: Mapping[str, object]) -> FakeBench:
    (tmp_path / "osv").mkdir()
    (tmp_path / "osv" / "1.json").write_text(json.dumps(record))
    return _bench(tmp_path, replace(PINNED, advisories="osv"))


@pytest.mark.parametrize(
    ("record", "severity", "verdict", "says"),
    [
        (OSV, "low", R, "flask 3.1.0: GHSA-1 (medium, fixed in 3.1.1)"),
        (OSV, "medium", R, "GHSA-1"),
        (OSV, "high", P, "nothing known against 3 packages, 1 advisories as of 2026-11-20; 1 below that"),
        ({**OSV, "database_specific": {}}, "critical", R, "GHSA-1 (unknown, fixed in 3.1.1)"),
        ({**OSV, "affected": [{"package": {"ecosystem": "PyPI", "name": "other"}}]}, "low", P, "1 advisories"),
        ({**OSV, "affected": []}, "low", U, "has nothing about packages of Python"),
    ],
)
def test_advisories(record: dict[str, object], severity: str, verdict: Verdict, says: str, tmp_path: Path) -> None:
    bounds = Bounds(severity=severity)  # type: ignore[arg-type]
    judgement = _judged(no_known_advisories.CLAIM, _advised(tmp_path, record), bounds)[1]
    assert judgement.verdict is verdict
    assert says in judgement.because
    assert judgement.limit == f"{severity} or above"


def test_an_advisory_without_a_fix(tmp_path: Path) -> None:
    affected = {"package": {"ecosystem": "PyPI", "name": "setuptools"}, "versions": ["65.5.1"]}
    judgement = _judged(no_known_advisories.CLAIM, _advised(tmp_path, {**OSV, "affected": [affected]}))[1]
    assert judgement.because == "setuptools 65.5.1: GHSA-1 (medium, not fixed yet)"


def test_without_advisories_nobody_knows(tmp_path: Path) -> None:
    with pytest.raises(Unmeasurable, match="no advisory data"):
        _judged(no_known_advisories.CLAIM, _bench(tmp_path))


def test_a_database_that_is_not_there_is_a_failed_tool(tmp_path: Path) -> None:
    with pytest.raises(ToolFailed, match="cannot be read"):
        _judged(no_known_advisories.CLAIM, _bench(tmp_path, replace(PINNED, advisories="osv")))

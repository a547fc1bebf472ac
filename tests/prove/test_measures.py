"""What the claims about source and image observe, on a bench that holds answers."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from stackproof.errors import ToolFailed, Unmeasurable
from stackproof.model.artifacts import Artifact, Built, Layer
from stackproof.model.facts import Documented, Locked, Project, Requirement, SecretFile
from stackproof.model.proof import Json, Judgement, Verdict
from stackproof.model.running import Completed
from stackproof.model.source import Place, SourceTree
from stackproof.model.stack import AnyBuild, Assignment, Bounds, NodeBuild, Service, Stack
from stackproof.prove import (
    build_time,
    clean_clone,
    code_read_only,
    image_size,
    imports,
    lean_image,
    lock_agrees,
    no_secret,
    non_root_image,
    stable_dependency_layer,
    variables_agree,
    verdicts,
)
from stackproof.prove.evidence import prove
from stackproof.prove.verdicts import rows_in
from tests.prove.fakes import API, BUILD, IMAGE, INSTALL, PROJECT, STACK, FakeBench, FakeWorkshop, quiet

CLAIMS = {
    module.CLAIM.id: module.CLAIM
    for module in (build_time, clean_clone, code_read_only, image_size, lean_image, lock_agrees, no_secret)
} | {module.CLAIM.id: module.CLAIM for module in (non_root_image, stable_dependency_layer, variables_agree)}


def _judged(claim: str, bench: FakeBench) -> tuple[dict[str, Json], Judgement]:
    measured = CLAIMS[claim].measure(bench)
    return dict(measured.observed), CLAIMS[claim].judge(measured, Bounds())


def test_a_clean_clone_is_compared_with_what_is_here(tmp_path: Path) -> None:
    bench = FakeBench(tmp_path, committed=SourceTree({"src/shop/main.py": b"app = 2\n"}))
    observed, judgement = _judged("SP101-clean-clone", bench)
    assert observed["differing"] == ["pyproject.toml", "src/shop/main.py"]
    assert observed["modules"] == ["shop.main"]
    assert judgement.verdict is Verdict.PROVED


def test_what_a_clean_clone_says_is_kept(tmp_path: Path) -> None:
    bench = FakeBench(tmp_path, installed=Completed(("build",), 1, 2.0, "x", "Traceback\nNo module named 'a'\n"))
    assert "No module named 'a'" in _judged("SP101-clean-clone", bench)[1].because


def test_poetry_is_had_first_and_then_asked(tmp_path: Path) -> None:
    bench = FakeBench(tmp_path, tools={"check": Completed((), 1, 1.0, "", "pyproject.toml changed significantly")})
    assert _judged("SP102-lock-agrees", bench)[1].verdict is Verdict.REFUTED
    assert [argv[-1] for argv in bench.asked] == ["--version", "--lock"]
    assert "poetry==2.2.1" in bench.asked[0]


def test_an_old_poetry_is_asked_in_its_own_words(tmp_path: Path) -> None:
    stack = replace(STACK, build=replace(BUILD, install=replace(INSTALL, tool_version="1.4.2")))
    bench = FakeBench(tmp_path, stack=stack)
    assert _judged("SP102-lock-agrees", bench)[1].verdict is Verdict.PROVED
    assert bench.asked[-1][-2:] == ("lock", "--check")


@pytest.mark.parametrize("word", ["--version", "check"])
def test_a_poetry_that_cannot_be_had_leaves_it_unmeasured(word: str, tmp_path: Path) -> None:
    bench = FakeBench(tmp_path, tools={word: Completed((), 2, 1.0, "", "no network")})
    with pytest.raises(ToolFailed, match="no network"):
        _judged("SP102-lock-agrees", bench)


def test_uv_is_asked(tmp_path: Path) -> None:
    stack = replace(STACK, build=replace(BUILD, install=replace(INSTALL, tool="uv", lock="uv.lock")))
    bench = FakeBench(tmp_path, stack=stack)
    assert _judged("SP102-lock-agrees", bench)[1].because == "uv.lock agrees with pyproject.toml"
    assert bench.asked == [("uv", "lock", "--check")]


def test_no_lock_needs_no_tool(tmp_path: Path) -> None:
    bench = FakeBench(tmp_path, stack=replace(STACK, build=replace(BUILD, install=replace(INSTALL, lock=None))))
    assert _judged("SP102-lock-agrees", bench)[1].verdict is Verdict.REFUTED
    assert bench.asked == []


def test_requirements_are_held_against_each_other(tmp_path: Path) -> None:
    install = replace(INSTALL, tool="pip", manifest="requirements.in", lock="requirements.txt")
    tree = SourceTree({"requirements.in": b"flask>=3\npywin32; sys_platform == 'win32'\n"})
    facts = (
        Requirement("flask", ">=3", "", (), Place("requirements.in", 1)),
        Requirement("pywin32", "", "", (), Place("requirements.in", 2)),
        Requirement("pytest", "", "dev", (), Place("requirements.in", 0)),
        Locked("flask", "3.1.0", Place("requirements.txt", 1)),
    )
    stack = replace(STACK, build=replace(BUILD, install=install))
    observed, judgement = _judged("SP102-lock-agrees", FakeBench(tmp_path, None, stack, tree, Project("x", facts)))
    assert judgement.verdict is Verdict.PROVED
    assert observed["pinned"] == 1


COMPOSE = """
services:
  api: {image: "shop:prod", environment: {SHOP_URL: "${SHOP_URL:-x}", PYTHONPATH: /app}}
  redis: {image: "redis:7-alpine", environment: [REDIS_ARGS=--save]}
"""


def _templates(extra: str = "") -> tuple[Artifact, ...]:
    env = f"# words\n#SHOP_URL=redis://\n{extra}"
    return (Artifact("deploy/env/prod.env.example", env), Artifact("deploy/compose.prod.yaml", COMPOSE))


def test_templates_that_name_what_the_code_reads(tmp_path: Path) -> None:
    observed, judgement = _judged("SP103-variables-agree", FakeBench(tmp_path, artifacts=_templates()))
    assert judgement.verdict is Verdict.PROVED
    assert observed["named"] == {
        "prod": {
            "SHOP_URL": ["deploy/env/prod.env.example", "deploy/compose.prod.yaml (services.api)"],
            "PYTHONPATH": ["deploy/compose.prod.yaml (services.api)"],
        }
    }


def test_a_variable_that_nobody_reads(tmp_path: Path) -> None:
    bench = FakeBench(tmp_path, artifacts=_templates("NOBODY=1\n"))
    assert "NOBODY in deploy/env/prod.env.example" in _judged("SP103-variables-agree", bench)[1].because


def test_a_secrets_file_that_the_code_reads_is_known(tmp_path: Path) -> None:
    said = _templates("JWT_SECRET_FILE=\n")
    fact = SecretFile("JWT_SECRET", "JWT_SECRET_FILE", Place("src/shop/main.py", 3))
    project = Project("shop", (*PROJECT.facts, fact))
    assert _judged("SP103-variables-agree", FakeBench(tmp_path, artifacts=said))[1].verdict is Verdict.REFUTED
    known = FakeBench(tmp_path, artifacts=said, project=project)
    assert _judged("SP103-variables-agree", known)[1].verdict is Verdict.PROVED


def test_the_projects_own_template_counts_too(tmp_path: Path) -> None:
    project = Project("shop", (*PROJECT.facts, Documented("OLD_NAME", Place(".env.example", 3))))
    judgement = _judged("SP103-variables-agree", FakeBench(tmp_path, artifacts=_templates(), project=project))[1]
    assert "OLD_NAME in .env.example:3 is read by no code" in judgement.because
    assert "SHOP_URL is read at src/shop/main.py:2, but not named for .env.example" in judgement.because


def test_build_time_is_taken_cold_and_warm(tmp_path: Path) -> None:
    shop = FakeWorkshop()
    observed, judgement = _judged("SP201-build-time", FakeBench(tmp_path, shop))
    assert observed == {"images": [{"name": "app", "cold_seconds": 60.0, "warm_seconds": 2.0}]}
    assert judgement.verdict is Verdict.PROVED
    assert shop.built == shop.discarded == ["shop-prod-proof:cold-app", "shop-prod-proof:warm-app"]


def test_the_image_is_held_against_a_plain_build(tmp_path: Path) -> None:
    shop = FakeWorkshop(images={"control-app": replace(IMAGE, size=600_000_000)})
    observed, judgement = _judged("SP202-image-size", FakeBench(tmp_path, shop))
    (found,) = verdicts.rows_in(observed, "images")
    assert (found["bytes"], found["control_bytes"]) == (200_000_000, 600_000_000)
    assert judgement.verdict is Verdict.PROVED
    control = str(found["control_dockerfile"]).splitlines()
    assert control[:3] == ["FROM python:3.11-slim-bookworm AS runtime", "WORKDIR /app", "COPY . ."]
    assert "pip install -r stackproof-requirements.txt" in control[3]


def test_no_control_build_without_the_locks_requirements(tmp_path: Path) -> None:
    bench = FakeBench(tmp_path, FakeWorkshop(), tools={"export": Completed((), 1, 1.0, "", "no plugin")})
    with pytest.raises(ToolFailed, match="no plugin"):
        _judged("SP202-image-size", bench)


def test_looks_inside_the_image(tmp_path: Path) -> None:
    looks: dict[str, Json] = {
        "As whom": {"uid": 10001, "effective_uid": 10001, "gid": 10001, "groups": []},
        "can change": {"looked_at": 3, "folders": ["/app"], "writable": [], "uid": 10001, "root_read_only": False},
        "whole file system": {"looked_at": 3, "counts": {}, "uid": 0, "programs": [], "packages": [], "caches": []},
    }
    bench = FakeBench(tmp_path, FakeWorkshop(looks=looks))
    for claim in ("SP203-non-root-image", "SP204-code-read-only", "SP205-lean-image"):
        assert _judged(claim, bench)[1].verdict is Verdict.PROVED


SITE = NodeBuild(
    name="site", context="site", node="24", base="node:24-slim", tool="npm", tool_version=None,
    lock="package-lock.json", manifests=(), copy=(), kind="next", script="build", dev=(), output=".next",
    public=False, target="runtime",
)  # fmt: skip
PAGES = Service("site", "front", "shop-site:prod", True, ("node", "server.js"), build="site")
BOTH = replace(STACK, node=(SITE,), services=(API, PAGES))
LOOKS: dict[str, Json] = {
    "As whom": {"uid": 10001, "effective_uid": 10001, "gid": 10001, "groups": []},
    "whole file system": {"looked_at": 3, "counts": {}, "uid": 0, "programs": [], "packages": [], "caches": []},
}
WELL = {"id -ru": "10001\n10001\n10001\n10001 99\n", "-print": "0\n/bin/node\n/app/server.js\n\n/bin/node\n"}


def test_an_image_without_python_is_looked_at_by_its_shell(tmp_path: Path) -> None:
    bench = FakeBench(tmp_path, FakeWorkshop(looks=LOOKS, says=WELL), BOTH)
    observed, judgement = _judged("SP203-non-root-image", bench)
    assert judgement.because.endswith("site: configured and running as 10001:10001")
    assert [row["groups"] for row in rows_in(observed, "images")] == [[], [99, 10001]]
    observed, judgement = _judged("SP205-lean-image", bench)
    assert judgement.verdict is Verdict.PROVED
    assert [row["looked_at"] for row in rows_in(observed, "images")] == [3, 2]


@pytest.mark.parametrize(
    ("walk", "because"),
    [
        ("0\n/root/.npm/x\n\n", "site: files in caches: /root/.npm/x"),
        ("0\n/usr/bin/npm\n\n/usr/bin/npm\n", "site: programs: /usr/bin/npm"),
        ("0\n/app/a\n\n/app/node_modules/.bin/tsc\n", "site: programs: /app/node_modules/.bin/tsc"),
        ("0\n/app/a\n\n/usr/share/doc/npm\n", ""),
        ("7\n/app/a\n\n/app/a\n", "site: the walk ran as uid 7, who cannot see every folder"),
    ],
)
def test_what_is_left_in_an_image_without_python(walk: str, because: str, tmp_path: Path) -> None:
    judgement = _judged("SP205-lean-image", FakeBench(tmp_path, FakeWorkshop(looks=LOOKS, says={"-print": walk}), BOTH))
    assert judgement[1].because == because or (not because and judgement[1].verdict is Verdict.PROVED)


def test_the_image_of_dev_is_where_the_tools_are() -> None:
    claim = CLAIMS["SP205-lean-image"]
    assert claim.applies(BOTH)
    assert not claim.applies(replace(BOTH, environment="dev"))


def test_an_image_without_a_shell_gives_no_answer(tmp_path: Path) -> None:
    with pytest.raises(ToolFailed, match="Looking inside the image site failed: sh"):
        _judged("SP203-non-root-image", FakeBench(tmp_path, FakeWorkshop(looks=LOOKS), BOTH))


def test_a_canary_is_not_found_and_the_marker_is(tmp_path: Path) -> None:
    shop = FakeWorkshop()
    secret = Assignment("SHOP_TOKEN", None, settable=True, secret=True)
    bench = FakeBench(tmp_path, shop, stack=replace(STACK, services=(replace(API, environment=(secret,)),)))
    observed, judgement = _judged("SP206-no-secret", bench)
    assert judgement.verdict is Verdict.PROVED
    assert {".env", "src/shop/.env.local", "id_rsa", ".git/config", "SHOP_TOKEN"} <= set(_texts(observed["planted"]))
    assert shop.discarded == ["shop-prod-proof:canary"]


@pytest.mark.parametrize("name", [".env", ".git/config", "src/shop/credentials.json"])
def test_a_canary_in_a_layer_is_named(name: str, tmp_path: Path) -> None:
    bench = FakeBench(tmp_path, _Leaky(leaks=name))
    judgement = _judged("SP206-no-secret", bench)[1]
    assert judgement.because == f"the secret planted in {name} is in /app/{name} in layer leaky"


def test_a_search_that_does_not_find_the_marker_proves_nothing(tmp_path: Path) -> None:
    assert _judged("SP206-no-secret", FakeBench(tmp_path, _Leaky(leaks="")))[1].verdict is Verdict.UNMEASURED


@dataclass
class _Leaky(FakeWorkshop):
    """Only one file of the context gets into the image."""

    leaks: str = ""

    def build(
        self,
        context: Path,
        stack: Stack,
        *,
        tag: str,
        cold: bool = False,
        dockerfile: str | None = None,
        variables: Mapping[str, str] = {},
        image: AnyBuild | None = None,
    ) -> Built:
        built = super().build(
            context, stack, tag=tag, cold=cold, dockerfile=dockerfile, variables=variables, image=image
        )
        self.files = (("sha256:leaky", f"app/{self.leaks}", (context / self.leaks).read_bytes()),) if self.leaks else ()
        return built


def test_only_the_layer_with_the_code_changes(tmp_path: Path) -> None:
    after = replace(IMAGE, layers=(*IMAGE.layers, Layer("sha256:app", 5_000, "COPY src")))
    files = (("sha256:venv", "app/.venv/lib/python3.11/site-packages/flask/app.py", b""),)
    bench = FakeBench(tmp_path, FakeWorkshop(images={"twice": after}, files=files))
    observed, judgement = _judged("SP207-stable-dependency-layer", bench)
    assert observed["touched"] == "src/shop/main.py"
    assert judgement.verdict is Verdict.PROVED
    assert judgement.because.startswith("2 of 3 layers keep")


@pytest.mark.parametrize("claim", ["SP206-no-secret", "SP207-stable-dependency-layer"])
def test_no_code_in_the_image_is_unmeasured(claim: str, tmp_path: Path) -> None:
    with pytest.raises(Unmeasurable, match="no Python file"):
        _judged(claim, FakeBench(tmp_path, FakeWorkshop(), tree=SourceTree({"docs/a.py": b""})))


def test_without_an_engine_the_image_claims_say_so(tmp_path: Path) -> None:
    image_claims = [claim for claim in CLAIMS.values() if claim.group == "image"]
    evidence = list(prove(image_claims, FakeBench(tmp_path), quiet))
    assert {item.verdict for item in evidence} == {Verdict.UNMEASURED}
    assert {item.because for item in evidence} == {"there is no container engine. Start one."}


def test_any_python_file_of_the_image_may_be_touched(tmp_path: Path) -> None:
    bench = FakeBench(tmp_path, FakeWorkshop(), tree=SourceTree({"docs/a.py": b"", "src/shop/other.py": b""}))
    assert imports.source_of(bench) == "src/shop/other.py"


def _texts(value: Json) -> list[str]:
    assert isinstance(value, list)
    return [str(item) for item in value]

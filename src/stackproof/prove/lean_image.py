"""SP205: nothing in the image that only building and testing need."""

from typing import cast

from stackproof.model.proof import Claim, Json, Judgement, Measurement, Verdict
from stackproof.model.running import Bench
from stackproof.model.stack import Bounds, Stack
from stackproof.prove import images

COMPILERS = ["gcc", "cc", "c99", "cc1", "g++", "c++", "cpp", "clang", "tcc", "ld", "gold", "as"]
BUILD_TOOLS = ["make", "cmake", "ninja", "meson", "rustc", "cargo", "go"]
PACKAGE_MANAGERS = [
    "apt",
    "apt-get",
    "apt-cache",
    "aptitude",
    "dpkg",
    "dpkg-deb",
    "apk",
    "yum",
    "dnf",
    "microdnf",
    "rpm",
]
PYTHON_INSTALLERS = ["pip", "uv", "uvx", "poetry", "pipx", "pipenv", "pdm", "conda", "mamba", "easy_install"]
OTHER_INSTALLERS = ["npm", "npx", "pnpm", "yarn", "gem"]
TEST_TOOLS = ["pytest", "py.test", "tox", "nox", "coverage", "mypy", "dmypy", "ruff", "pylint", "flake8", "black"]
PROGRAMS = [*COMPILERS, *BUILD_TOOLS, *PACKAGE_MANAGERS, *PYTHON_INSTALLERS, *OTHER_INSTALLERS, *TEST_TOOLS]
PACKAGES = ["pip", "ensurepip", "uv", "poetry", "pipenv", "pdm", "pytest", "_pytest", "hypothesis", *TEST_TOOLS[3:]]
SYSTEM_CACHES = ["/var/cache/apt", "/var/lib/apt/lists", "/var/cache/apk"]
CACHES = [*SYSTEM_CACHES, "/.cache", "/.npm", "/.pytest_cache", "/.mypy_cache", "/.ruff_cache"]
_MOST = 30


def _measure(bench: Bench) -> Measurement:
    programs, packages = cast(list[Json], PROGRAMS), cast(list[Json], PACKAGES)
    caches = cast(list[Json], CACHES)
    found, done = images.look(bench, "contents", programs, packages, caches, _MOST, user="0:0")
    return Measurement(
        figure=f"{found['looked_at']} files looked at",
        how="a walk over the whole file system, as root: executable files by name, packages on Python's import path, "
        "files in cache folders",
        observed={**found, "looked_for": {"programs": programs, "packages": packages, "caches": caches}},
        raw=(done,),
    )


def _judge(measured: Measurement, _: Bounds) -> Judgement:
    observed = measured.observed
    if observed["uid"] != 0:
        return Judgement(Verdict.UNMEASURED, f"the walk ran as uid {observed['uid']}, who cannot see every folder")
    found = [
        f"{label}: {_first(cast(list[str], observed[kind]))}"
        for kind, label in (("programs", "programs"), ("packages", "packages"), ("caches", "files in caches"))
        if observed[kind]
    ]
    if found:
        return Judgement(Verdict.REFUTED, "; ".join(found))
    looked_for = cast(dict[str, list[str]], observed["looked_for"])
    counts = ", ".join(f"{len(names)} {kind}" for kind, names in looked_for.items())
    return Judgement(Verdict.PROVED, f"none of {counts} among {observed['looked_at']} files")


def _first(paths: list[str]) -> str:
    return ", ".join(paths[:6]) + (" and more" if len(paths) > 6 else "")


def applies(stack: Stack) -> bool:
    """The image of dev is where the tests and linters are."""
    return stack.environment != "dev"


CLAIM = Claim(
    id="SP205-lean-image",
    group="image",
    says="The image holds no compiler, package manager, cache or test tool.",
    measure=_measure,
    judge=_judge,
    applies=applies,
)

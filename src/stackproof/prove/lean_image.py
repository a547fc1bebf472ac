"""SP205: nothing in any image that only building and testing need."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import cast

from stackproof.model.proof import Claim, Json, Judgement, Measurement
from stackproof.model.running import Bench, Completed
from stackproof.model.stack import AnyBuild, Bounds, Build, Stack
from stackproof.prove import images
from stackproof.prove.inside import contents
from stackproof.prove.verdicts import Row, held, rows, texts, unmeasured

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
# What a front end is built and tested with.
NODE_TOOLS = ["tsc", "vite", "webpack", "eslint", "prettier", "jest", "vitest", "mocha", "playwright", "cypress"]
_MOST = 30
_FIND = r"find / -xdev \( -path /proc -o -path /sys -o -path /dev \) -prune -o \( -type f -o -type l \)"
_EXECUTABLE = r"\( -perm -100 -o -perm -010 -o -perm -001 \)"


def _measure(bench: Bench) -> Measurement:
    looks = [_look(bench, build) for _, build in bench.stack.images()]
    found: list[Json] = [row for row, _ in looks]
    return Measurement(
        figure=f"{sum(cast(int, row['looked_at']) for row, _ in looks)} files looked at",
        how="a walk over the whole file system of each image, as root: executable files by name, packages on Python's "
        "import path, files in cache folders",
        observed={"images": found},
        raw=tuple(done for _, done in looks),
    )


def _look(bench: Bench, build: AnyBuild) -> tuple[dict[str, Json], Completed]:
    of_python = isinstance(build, Build)
    programs = PROGRAMS if of_python else [*PROGRAMS, *NODE_TOOLS]
    packages = PACKAGES if of_python else []
    looked_for = {"programs": programs, "packages": packages, "caches": CACHES}
    if of_python:
        given = cast(list[Json], [*looked_for.values(), _MOST])
        found, done = images.look(bench, "contents", *given, user="0:0")
    else:
        found, done = _walk(bench, build.name, programs)
    return {"name": build.name, **found, "looked_for": cast(Json, looked_for)}, done


def _walk(bench: Bench, name: str, programs: list[str]) -> tuple[dict[str, Json], Completed]:
    """The same by the image's own `find`."""
    done = images.shell(bench, name, f"id -u; {_FIND} -print; echo; {_FIND} {_EXECUTABLE} -print", "0:0")
    everything, _, executable = done.output.partition("\n\n")
    uid, *files = everything.splitlines()
    found = {
        "programs": sorted(path for path in executable.splitlines() if contents.named(path, programs)),
        "packages": [],
        "caches": sorted(path for path in files if contents.cached(path, CACHES)),
    }
    shown = {kind: paths[:_MOST] for kind, paths in found.items()}
    counts = {kind: len(paths) for kind, paths in found.items()}
    seen = {"looked_at": len(files), "counts": counts, "uid": int(uid), **shown}
    return cast(dict[str, Json], seen), replace(done, output=f"{len(files)} paths")


def _judge(measured: Measurement, _: Bounds) -> Judgement:
    found = rows(measured, "images")
    if blind := [f"{images.named(found, row)}the walk ran as uid {row['uid']}" for row in found if row["uid"] != 0]:
        return unmeasured(f"{'; '.join(blind)}, who cannot see every folder")
    problems = (f"{images.named(found, row)}{problem}" for row in found for problem in _problems(row))
    return held(problems, "; ".join(f"{images.named(found, row)}{_nothing(row)}" for row in found))


def _problems(row: Row) -> Iterator[str]:
    for kind, label in (("programs", "programs"), ("packages", "packages"), ("caches", "files in caches")):
        if paths := texts(row, kind):
            yield f"{label}: {_first(paths)}"


def _nothing(row: Row) -> str:
    looked_for = cast(Mapping[str, list[str]], row["looked_for"])
    counts = ", ".join(f"{len(names)} {kind}" for kind, names in looked_for.items() if names)
    return f"none of {counts} among {row['looked_at']} files"


def _first(paths: tuple[str, ...]) -> str:
    return ", ".join(paths[:6]) + (" and more" if len(paths) > 6 else "")


def applies(stack: Stack) -> bool:
    """The image of dev is where the tests and linters are."""
    return stack.environment != "dev"


CLAIM = Claim(
    id="SP205-lean-image",
    group="image",
    says="No image holds a compiler, package manager, cache or test tool.",
    measure=_measure,
    judge=_judge,
    applies=applies,
    company="looks",
)

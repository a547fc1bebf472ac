"""SR128: compilers and headers are not in the final image."""

import re
from collections.abc import Iterator

from stackproof.check.rules.dockerfile import packages
from stackproof.check.rules.dockerfile.looking import final_runs, over, sighting
from stackproof.model.dockerfile import Dockerfile
from stackproof.model.findings import Rule, Sighting
from stackproof.model.shell import script

_TOOLS = frozenset(
    {"gcc", "g++", "make", "cmake", "build-essential", "build-base", "python3-dev", "musl-dev", "rustc", "cargo"}
)
_GONE = re.compile(r"\b(?:purge|autoremove|apk\s+del|apk\s+--\S+\s+del|apt-get\s+(?:-\S+\s+)*remove)\b")


def _look(file: Dockerfile) -> Iterator[Sighting]:
    for run in final_runs(file):
        if _GONE.search(script(run.said)):
            continue
        names = sorted({each for command in run.commands for each in packages.system(command) if _building(each)})
        if names:
            yield sighting(run.said, f"{', '.join(names)} stay in the image that runs")


def _building(name: str) -> bool:
    return name in _TOOLS or (name.endswith("-dev") and not name.startswith("$"))


RULE = Rule(
    id="SR128-build-tools-kept",
    says="Compilers and headers are not in the final image.",
    fix="Build in a stage of its own, and copy the result.",
    severity="info",
    profile="recommended",
    check=over(_look),
)

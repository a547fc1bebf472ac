"""SR144: bytecode that no start may write is compiled in the build."""

import re
from collections.abc import Iterator

from stackproof.check.rules.dockerfile.looking import final, final_instructions, instructions, over, runs, sighting
from stackproof.model.dockerfile import Dockerfile
from stackproof.model.findings import Rule, Sighting
from stackproof.model.shell import script

_NAME = "PYTHONDONTWRITEBYTECODE"
_COMPILES = re.compile(r"compileall|py_compile|--compile")
_CODE = frozenset({"COPY", "ADD"})


def _look(file: Dockerfile) -> Iterator[Sighting]:
    end = final(file)
    if not end.env.get(_NAME) or not any(each in end.said for each in _CODE):
        return
    compiled = any(_COMPILES.search(script(run.said)) for run in runs(file))
    if not compiled and not any("UV_COMPILE_BYTECODE" in said.words for _, said in instructions(file, "ENV", "RUN")):
        setting = next((each for each in final_instructions(file, "ENV") if _NAME in each.words), end.said["ENV"])
        yield sighting(setting, "every start compiles all modules anew, and keeps nothing")


RULE = Rule(
    id="SR144-never-compiled",
    says="Bytecode that no start may write is compiled in the build.",
    fix="Run `python -m compileall`, or leave PYTHONDONTWRITEBYTECODE out.",
    severity="info",
    profile="strict",
    check=over(_look),
)

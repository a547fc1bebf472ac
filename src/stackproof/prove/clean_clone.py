"""SP101: the project builds from its last commit alone, and the application imports there."""

import re
from pathlib import Path
from typing import cast

from stackproof.model.proof import Claim, Json, Judgement, Measurement, Verdict
from stackproof.model.running import Bench
from stackproof.model.stack import Bounds
from stackproof.prove import imports

_TELLS = re.compile(r"\b\w*(error|Error|Exception)\b")


def _measure(bench: Bench) -> Measurement:
    with bench.clone() as folder:
        differing = sorted(_differing(bench, folder))
        done = bench.install(folder)
    names: list[Json] = list(imports.modules(bench))
    return Measurement(
        figure=f"{done.seconds:.1f} s",
        how="git archive of the last commit in an empty folder, built there; then the application's modules imported",
        observed={
            "exit_code": done.exit_code,
            "said": _cause(done.errors) or _cause(done.output),
            "modules": names,
            "differing": cast(list[Json], differing),
        },
        raw=(done,),
    )


def _differing(bench: Bench, clone: Path) -> list[str]:
    """Files that are not, or not like this, in the commit."""
    return [
        path
        for path, data in bench.tree.files.items()
        if not (clone / path).is_file() or (clone / path).read_bytes() != data
    ]


def _cause(text: str) -> str:
    """The last line that tells of an error (a builder's own last line only repeats the command), else the last one."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    telling = [line for line in lines if _TELLS.search(line) and not line.startswith("ERROR: failed to solve")]
    return (telling or lines or [""])[-1]


def _judge(measured: Measurement, _: Bounds) -> Judgement:
    modules = ", ".join(cast(list[str], measured.observed["modules"]))
    differing = cast(list[str], measured.observed["differing"])
    if measured.observed["exit_code"] == 0:
        return Judgement(Verdict.PROVED, f"built from the commit; imported there: {modules}" + _beside(differing))
    if measured.observed["exit_code"] is None:
        return Judgement(Verdict.UNMEASURED, "the installation did not end within its time limit")
    said = measured.observed["said"]
    return Judgement(Verdict.REFUTED, f"a clean clone does not work: {said}{_hint(str(said))}{_beside(differing)}")


def _hint(said: str) -> str:
    if "No module named" in said or "No such file" in said or "not found" in said:
        return " (is a file that is needed ignored by git, or not committed?)"
    return ""


def _beside(differing: list[str]) -> str:
    if not differing:
        return ""
    return f"; {len(differing)} files here differ from the commit, the first is {differing[0]}"


CLAIM = Claim(
    id="SP101-clean-clone",
    group="source",
    says="The project builds from a clean clone, and the application imports there.",
    measure=_measure,
    judge=_judge,
    company="looks",
)

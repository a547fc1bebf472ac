"""SP106: Compose takes each of the rendered files as it stands."""

import re
import shutil
from pathlib import Path

from stackproof.errors import Unmeasurable
from stackproof.model.proof import Claim, Json, Judgement, Measurement
from stackproof.model.running import Bench, Completed
from stackproof.model.stack import Bounds
from stackproof.prove import composed
from stackproof.prove.verdicts import held, rows, text

_REQUIRED = re.compile(r"\$\{(\w+):\?")
_FIX = "Install Docker with Compose: the files can only be checked by what reads them."


def _measure(bench: Bench) -> Measurement:
    if shutil.which("docker") is None:
        raise Unmeasurable("there is no docker command here to read the files with", fix=_FIX)
    with bench.context() as folder:
        version = bench.tool(("docker", "compose", "version", "--short"), folder)
        if version.exit_code != 0:
            raise Unmeasurable("docker has no Compose here to read the files with", fix=_FIX)
        done = {name: _read(bench, folder, name) for name in composed.documents(bench)}
    files: list[Json] = [
        {"environment": name, "exit_code": one.exit_code, "said": one.errors.strip()[-300:]}
        for name, one in done.items()
    ]
    how = "`docker compose config --quiet` on each file, with a value for every required variable"
    return Measurement(
        f"{len(files)} files", how, {"files": files, "compose": version.output.strip()}, tuple(done.values())
    )


def _read(bench: Bench, folder: Path, name: str) -> Completed:
    file = f"deploy/compose.{name}.yaml"
    needed = sorted(set(_REQUIRED.findall((folder / file).read_text("utf-8"))))
    (folder / ".required.env").write_text("".join(f"{each}=given\n" for each in needed))
    words = ("docker", "compose", "-f", file, "--env-file", ".required.env", "--profile", "*", "config", "--quiet")
    return bench.tool(words, folder)


def _judge(measurement: Measurement, _: Bounds) -> Judgement:
    found = rows(measurement, "files")
    said = ", ".join(text(row, "environment") for row in found)
    problems = [
        f"compose.{row['environment']}.yaml is refused: {row['said']}" for row in found if row["exit_code"] != 0
    ]
    return held(problems, f"Compose {measurement.observed['compose']} takes the files of {said}")


CLAIM = Claim(
    id="SP106-files-valid",
    group="source",
    says="Compose takes the file of every environment as it stands.",
    measure=_measure,
    judge=_judge,
)

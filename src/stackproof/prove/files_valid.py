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
        done = {name: _read(bench, folder, _files(bench, name)) for name in composed.documents(bench)}
    files: list[Json] = [
        {"environment": name, "exit_code": one.exit_code, "said": one.errors.strip()[-300:]}
        for name, one in done.items()
    ]
    how = "`docker compose config --quiet` on each environment's files, with a value for every required variable"
    return Measurement(
        f"{len(files)} files", how, {"files": files, "compose": version.output.strip()}, tuple(done.values())
    )


def _files(bench: Bench, name: str) -> tuple[str, ...]:
    adopted = bench.stack.adopted
    return adopted.files if adopted else (f"deploy/compose.{name}.yaml",)


def _read(bench: Bench, folder: Path, files: tuple[str, ...]) -> Completed:
    if missing := [file for file in files if not (folder / file).is_file()]:
        raise Unmeasurable(f"{missing[0]} is not among the files of the project", fix="Commit it to git.")
    needed = sorted({each for file in files for each in _REQUIRED.findall((folder / file).read_text("utf-8"))})
    (folder / ".required.env").write_text("".join(f"{each}=given\n" for each in needed))
    named = tuple(word for file in files for word in ("-f", file))
    words = ("docker", "compose", *named, "--env-file", ".required.env", "--profile", "*", "config", "--quiet")
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

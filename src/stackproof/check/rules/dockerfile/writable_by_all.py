"""SR130: nothing is made writable for everybody."""

import re
from collections.abc import Iterator

from stackproof.check.rules.dockerfile.looking import over, runs, sighting
from stackproof.model import words
from stackproof.model.dockerfile import Dockerfile
from stackproof.model.findings import Rule, Sighting

_MODE = re.compile(r"0?[0-7][0-7][2367]|[ugoa]*[ao][ugoa]*\+[rwxX]*w[rwxX]*")
_SHARED = ("/tmp", "/var/tmp")  # noqa: S108 - they are for everybody


def _look(file: Dockerfile) -> Iterator[Sighting]:
    for stage in file.stages:
        for said in stage.instructions:
            mode = words.flag(said, "chmod") or ""
            if _MODE.fullmatch(mode):
                yield sighting(said, f"--chmod={mode} lets everybody write")
    for run in runs(file):
        for command in run.commands:
            found = next((each for each in command.arguments if _MODE.fullmatch(each)), "")
            if command.program == "chmod" and found and not set(_SHARED).intersection(command.arguments):
                yield sighting(run.said, f"chmod {found} lets everybody write")


RULE = Rule(
    id="SR130-writable-by-all",
    says="Nothing is made writable for everybody.",
    fix="Give the folder to the user: `COPY --chown`, or `install -d -o UID`.",
    severity="warning",
    profile="recommended",
    check=over(_look),
)

"""SR146: packages of Python are installed with a version."""

from collections.abc import Iterator

from stackproof.check.rules.dockerfile import packages
from stackproof.check.rules.dockerfile.looking import over, runs, sighting
from stackproof.model.dockerfile import Dockerfile
from stackproof.model.findings import Rule, Sighting

_OWN = frozenset({"pip", "setuptools", "wheel"})


def _look(file: Dockerfile) -> Iterator[Sighting]:
    for run in runs(file):
        for command in run.commands:
            names = [each for each in packages.named(packages.pip(command) or ()) if _free(each)]
            if names and "--no-index" not in command.arguments:
                yield sighting(run.said, f"{names[0]} is what is newest on the day of the build")


def _free(name: str) -> bool:
    return (
        not any(sign in name for sign in "=<>~@*:$") and not name.endswith((".whl", ".gz", ".txt")) and name not in _OWN
    )


RULE = Rule(
    id="SR146-unpinned-package",
    says="Packages of Python are installed with a version.",
    fix="Install from the lock file, or write `name==version`.",
    severity="info",
    profile="recommended",
    check=over(_look),
)

"""SR145: pip itself is not upgraded to whatever is newest."""

from collections.abc import Iterator

from stackproof.check.rules.dockerfile import packages
from stackproof.check.rules.dockerfile.looking import over, runs, sighting
from stackproof.model.dockerfile import Dockerfile
from stackproof.model.findings import Rule, Sighting

_OWN = frozenset({"pip", "setuptools", "wheel"})


def _look(file: Dockerfile) -> Iterator[Sighting]:
    for run in runs(file):
        for command in run.commands:
            arguments = packages.pip(command) or ()
            names = [each for each in packages.named(arguments) if each in _OWN]
            if names and {"-U", "--upgrade"} & set(arguments):
                yield sighting(run.said, f"{' '.join(names)} may be another one in the next build")


RULE = Rule(
    id="SR145-pip-upgraded",
    says="pip itself is not upgraded to whatever is newest.",
    fix="Leave it out, or name a version.",
    severity="info",
    profile="recommended",
    check=over(_look),
)

"""SR123: no build argument carries a secret into a RUN."""

import re
from collections.abc import Iterator

from stackproof.check.rules.dockerfile import secret_names
from stackproof.check.rules.dockerfile.looking import over, sighting, walked
from stackproof.model.dockerfile import Dockerfile
from stackproof.model.findings import Rule, Sighting
from stackproof.model.shell import script

_VARIABLE = re.compile(r"\$\{?(\w+)")


def _look(file: Dockerfile) -> Iterator[Sighting]:
    for seen in (each for stage in walked(file) for each in stage):
        if seen.said.keyword != "RUN":
            continue
        used = set(_VARIABLE.findall(script(seen.said)))
        for name in sorted(used & seen.arguments):
            if secret_names.variable(name):
                yield sighting(seen.said, f"the value of the argument {name} stays in the history of the image")


RULE = Rule(
    id="SR123-secret-arg-used",
    says="No build argument carries a secret into a RUN.",
    fix="Hand it to the build with `RUN --mount=type=secret`.",
    severity="error",
    profile="recommended",
    check=over(_look),
)

"""SR107: a health check says how a start looks: start period and start interval."""

from collections.abc import Iterator

from stackproof.check.rules.dockerfile.looking import final, over, sighting
from stackproof.model import words
from stackproof.model.dockerfile import Dockerfile
from stackproof.model.findings import Rule, Sighting


def _look(file: Dockerfile) -> Iterator[Sighting]:
    said = final(file).healthcheck
    if said is None or words.probe(said) is None:
        return
    missing = [f"--{name}" for name in ("start-period", "start-interval") if words.flag(said, name) is None]
    if missing:
        yield sighting(said, f"HEALTHCHECK has no {' and no '.join(missing)}")


RULE = Rule(
    id="SR107-health-start",
    says="A health check says how a start looks: start period and start interval.",
    fix="Add `--start-period=60s --start-interval=1s`.",
    severity="info",
    profile="recommended",
    check=over(_look),
)

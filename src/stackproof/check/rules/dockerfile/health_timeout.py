"""SR108: a health check has a time limit below its interval."""

from collections.abc import Iterator

from stackproof.check.rules.dockerfile.looking import final, over, sighting
from stackproof.model import words
from stackproof.model.dockerfile import Dockerfile
from stackproof.model.findings import Rule, Sighting

_USUAL = 30.0  # seconds, of both


def _look(file: Dockerfile) -> Iterator[Sighting]:
    said = final(file).healthcheck
    if said is None or words.probe(said) is None:
        return
    interval = words.seconds(words.flag(said, "interval") or "") or _USUAL
    timeout = words.seconds(words.flag(said, "timeout") or "") or _USUAL
    if timeout >= interval:
        yield sighting(said, f"a probe may take {timeout:g} s, and one comes every {interval:g} s")


RULE = Rule(
    id="SR108-health-timeout",
    says="A health check has a time limit below its interval.",
    fix="Add `--timeout=3s`.",
    severity="info",
    profile="strict",
    check=over(_look),
)

"""Every claim is proved of an example as it is, and refuted, naming the cause, as each saboteur leaves it.

A saboteur that goes unnoticed shows a claim that looks at the wrong thing; a healthy stack that is refuted, one that
nobody could keep. The whole stack is proved once for all claims; a sabotaged one only measures the claim in question.
The other examples are for the claims that the first one has nothing for. They take long: they are tried with
STACKPROOF_SABOTEURS=everywhere.
"""

import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from stackproof import pipeline
from stackproof.model.proof import Claim, Evidence, Verdict
from stackproof.prove import CLAIMS
from tests.engine.proving import EXAMPLES, NOTHING, proof
from tests.saboteurs import Saboteur
from tests.saboteurs.every import SABOTEURS

# Claims about what only containers have, besides those about the image: plain processes run no proxy, no Prometheus.
_CONTAINERS = tuple(f"SP{number}-" for number in (304, 305, 310, 311, 312, 313, 314, 316, 321, 404, 405, 406))
_EVERYWHERE = os.environ.get("STACKPROOF_SABOTEURS") == "everywhere"
_RUNTIMES = {"docker": pytest.mark.engine, "process": pytest.mark.process}
_BY_ID = {claim.id: claim for claim in CLAIMS}
_EXAMPLES = ("tubeatlas", "personal-assistant", "transcript-analyzer", "exoplanet")
_FIRST = _EXAMPLES[0]
Row = tuple[str, str, str, float, str]  # runtime, claim, verdict, seconds, what was done to it


class Healthy:
    """The evidence about examples as they are, taken once for each on each runtime, for the claims asked for."""

    def __init__(self, folder: Path, asked: frozenset[tuple[str, str]]) -> None:
        self._folder = folder
        self._asked = asked
        self._evidence: dict[tuple[str, str], dict[str, Evidence]] = {}

    def of(self, claim: Claim, example: str, on: str) -> Evidence:
        if (example, on) not in self._evidence:
            claims = [each for each in CLAIMS if (each.id, example) in self._asked]
            untouched = replace(NOTHING, example=example)
            evidence = proof(self._folder / f"healthy-{on}-{example}" / example, on, claims, untouched)
            self._evidence[example, on] = {item.claim: item for item in evidence}
        return self._evidence[example, on][claim.id]


def _healthy() -> Iterator[tuple[Claim, str]]:
    """Each claim with the first example that it is about."""
    stacks = {name: pipeline.plan(EXAMPLES / name).stacks["prod"] for name in _EXAMPLES}
    for claim in CLAIMS:
        example = next(name for name, stack in stacks.items() if claim.applies(stack))
        if _EVERYWHERE or example == _FIRST:
            yield claim, example


def _tried_on(saboteur: Saboteur) -> tuple[str, ...]:
    """The quicker runtime where it can show the break; STACKPROOF_SABOTEURS=everywhere tries all, the slow ones too."""
    if _EVERYWHERE:
        return tuple(sorted(saboteur.on))
    if saboteur.slow or saboteur.example != _FIRST:
        return ()
    return ("process",) if "process" in saboteur.on else ("docker",)


@pytest.fixture(scope="session")
def healthy(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Healthy:
    items = [item for item in request.session.items if isinstance(item, pytest.Function) and hasattr(item, "callspec")]
    params = [item.callspec.params for item in items if "claim" in item.callspec.params]
    named = ((each["claim"], str(each["example"])) for each in params)
    asked = frozenset((claim.id, example) for claim, example in named if isinstance(claim, Claim))
    return Healthy(tmp_path_factory.getbasetemp(), asked)


@pytest.fixture(scope="session")
def table(request: pytest.FixtureRequest) -> Iterator[list[Row]]:
    rows: list[Row] = []
    yield rows
    capture = request.config.pluginmanager.getplugin("capturemanager")
    assert capture is not None
    with capture.global_and_fixture_disabled():
        sys.stdout.write("\n\n" + "".join(f"{_line(row)}\n" for row in sorted(rows)))


def _line(row: Row) -> str:
    on, claim, verdict, seconds, what = row
    return f"{on:8}{claim:30}{verdict:12}{seconds:6.1f} s  {what}"


@pytest.mark.parametrize("on", [pytest.param(on, marks=mark) for on, mark in _RUNTIMES.items()])
@pytest.mark.parametrize(("claim", "example"), [pytest.param(claim, name, id=claim.id) for claim, name in _healthy()])
def test_the_example_as_it_is_is_proved(
    claim: Claim, example: str, on: str, healthy: Healthy, table: list[Row]
) -> None:
    evidence = healthy.of(claim, example, on)
    table.append((on, claim.id, str(evidence.verdict), evidence.seconds, f"- {example} as it is"))
    needs_engine = claim.group == "image" or claim.id.startswith(_CONTAINERS)
    assert evidence.excused is (on == "process" and needs_engine)
    assert evidence.excused or evidence.verdict is Verdict.PROVED, evidence.because


@pytest.mark.parametrize(
    ("saboteur", "on"),
    [
        pytest.param(saboteur, on, marks=_RUNTIMES[on], id=f"{on}-{saboteur.claim}-{saboteur.says}")
        for saboteur in SABOTEURS
        for on in _tried_on(saboteur)
    ],
)
def test_each_saboteur_is_caught(saboteur: Saboteur, on: str, tmp_path: Path, table: list[Row]) -> None:
    (evidence,) = proof(tmp_path / saboteur.example, on, [_BY_ID[saboteur.claim]], saboteur)
    table.append((on, saboteur.claim, str(evidence.verdict), evidence.seconds, f"{saboteur.says}: {evidence.because}"))
    assert evidence.verdict is Verdict.REFUTED, evidence.because
    assert saboteur.names in evidence.because

"""Every claim is proved of the example as it is, and refuted, naming the cause, as each saboteur leaves it.

A saboteur that goes unnoticed shows a claim that looks at the wrong thing; a healthy stack that is refuted, one that
nobody could keep. The whole stack is proved once for all claims; a sabotaged one only measures the claim in question.
"""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from stackproof.model.proof import Claim, Evidence, Verdict
from stackproof.prove import CLAIMS
from tests.engine.proving import proof
from tests.saboteurs import Saboteur
from tests.saboteurs.every import SABOTEURS

# Claims about what only a container has, besides those about the image.
_CONTAINERS = ("SP304-least-privilege", "SP305-limits-in-force")
_EVERYWHERE = os.environ.get("STACKPROOF_SABOTEURS") == "everywhere"
_RUNTIMES = {"docker": pytest.mark.engine, "process": pytest.mark.process}
_BY_ID = {claim.id: claim for claim in CLAIMS}
Row = tuple[str, str, str, float, str]  # runtime, claim, verdict, seconds, what was done to it


class Healthy:
    """The evidence about the example as it is, taken once per runtime, for the claims that are asked for."""

    def __init__(self, folder: Path, asked: frozenset[str]) -> None:
        self._folder = folder
        self._claims = [claim for claim in CLAIMS if claim.id in asked]
        self._evidence: dict[str, dict[str, Evidence]] = {}

    def of(self, claim: Claim, on: str) -> Evidence:
        if on not in self._evidence:
            evidence = proof(self._folder / f"healthy-{on}" / "tubeatlas", on, self._claims)
            self._evidence[on] = {item.claim: item for item in evidence}
        return self._evidence[on][claim.id]


def _tried_on(saboteur: Saboteur) -> tuple[str, ...]:
    """The quicker runtime where it can show the break; STACKPROOF_SABOTEURS=everywhere tries all, the slow ones too."""
    if _EVERYWHERE:
        return tuple(sorted(saboteur.on))
    if saboteur.slow:
        return ()
    return ("process",) if "process" in saboteur.on else ("docker",)


@pytest.fixture(scope="session")
def healthy(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Healthy:
    items = [item for item in request.session.items if isinstance(item, pytest.Function) and hasattr(item, "callspec")]
    claims = [item.callspec.params.get("claim") for item in items]
    asked = frozenset(claim.id for claim in claims if isinstance(claim, Claim))
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
@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.id)
def test_the_example_as_it_is_is_proved(claim: Claim, on: str, healthy: Healthy, table: list[Row]) -> None:
    evidence = healthy.of(claim, on)
    table.append((on, claim.id, str(evidence.verdict), evidence.seconds, "- as it is"))
    needs_engine = claim.group == "image" or claim.id in _CONTAINERS
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
    (evidence,) = proof(tmp_path / "tubeatlas", on, [_BY_ID[saboteur.claim]], saboteur)
    table.append((on, saboteur.claim, str(evidence.verdict), evidence.seconds, f"{saboteur.says}: {evidence.because}"))
    assert evidence.verdict is Verdict.REFUTED, evidence.because
    assert saboteur.names in evidence.because

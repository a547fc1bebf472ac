"""Every claim is proved of an example as it is, and refuted, naming the cause, as each saboteur leaves it.

A saboteur that goes unnoticed shows a claim that looks at the wrong thing; a healthy stack that is refuted, one that
nobody could keep. A whole stack is proved once for all claims; a sabotaged one only measures the claim in question, on
plain processes two of them at a time.
"""

import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import cast

import pytest

from stackproof import pipeline
from stackproof.model.proof import Claim, Evidence, Verdict
from stackproof.model.stack import EnvironmentName, Stack
from stackproof.prove import CLAIMS
from tests.engine.ahead import Ahead
from tests.engine.proving import EXAMPLES, NOTHING, proof
from tests.saboteurs import Saboteur
from tests.saboteurs.every import SABOTEURS

Shown = tuple[str, EnvironmentName]  # an example's stack
Row = tuple[str, str, str, float, str]  # runtime, claim, verdict, seconds, what was done to it

# A claim is proved of the first of these stacks that it applies to.
_SHOWN: tuple[Shown, ...] = (
    ("tubeatlas", "prod"),
    ("tubeatlas", "dev"),
    ("transcript-analyzer", "prod"),
    ("personal-assistant", "prod"),
    ("exoplanet", "prod"),
)
_IN_SHORT = "tubeatlas"
# Claims about what only containers have, besides those about the image.
_CONTAINERS = frozenset({
    "SP304-least-privilege", "SP305-limits-in-force", "SP310-tls-entrance", "SP311-routes", "SP312-cache-hit",
    "SP313-security-headers", "SP314-websocket", "SP316-networks-apart", "SP321-targets-up",
    "SP324-environments-together", "SP329-volumes-hold", "SP331-health-can-fail", "SP332-writes-refused",
    "SP404-back-end-replaced", "SP405-replica-killed", "SP406-backup-restores",
    "SP418-rolling-restart", "SP419-workers-scale",
    "SP409-network-cut", "SP412-memory-used-up", "SP413-names-lost", "SP414-store-slow",
})  # fmt: skip
# Every service waits for its own health to turn red and green again, which on containers takes minutes.
_SHOWN_ON_PROCESSES = frozenset({"SP407-service-killed", "SP408-service-hung", "SP410-store-late"})
_READ_BY_COMPOSE = "SP106-files-valid"
_EVERYWHERE = os.environ.get("STACKPROOF_SABOTEURS") == "everywhere"
_RUNTIMES = {"docker": pytest.mark.engine, "process": pytest.mark.process}


class Healthy:
    """The evidence about the examples as they are, each taken once per runtime, for the claims that are asked for."""

    def __init__(self, folder: Path, asked: frozenset[str]) -> None:
        self._folder = folder
        self._asked = asked
        self._evidence: dict[tuple[Shown, str], dict[str, Evidence]] = {}

    def of(self, claim: Claim, on: str) -> Evidence:
        shown = _shown(claim)
        if (shown, on) not in self._evidence:
            claims = [each for each in CLAIMS if each.id in self._asked and _shown(each) == shown]
            example, environment = shown
            whole = replace(NOTHING, example=example, environment=environment)
            evidence = proof(self._folder / f"healthy-{on}-{environment}" / example, on, claims, whole)
            self._evidence[shown, on] = {item.claim: item for item in evidence}
        return self._evidence[shown, on][claim.id]


def _shown(claim: Claim) -> Shown:
    return next(shown for shown in _SHOWN if claim.applies(_stack(shown)))


@cache
def _stack(shown: Shown) -> Stack:
    example, environment = shown
    return pipeline.plan(EXAMPLES / example).stacks[environment]


def _proved() -> Iterator[Claim]:
    """In short, of one example; STACKPROOF_SABOTEURS=everywhere: of all."""
    yield from (claim for claim in CLAIMS if _EVERYWHERE or _shown(claim)[0] == _IN_SHORT)


def _asked() -> Iterator[tuple[Claim, str]]:
    for on in _RUNTIMES:
        yield from (
            (claim, on) for claim in _proved() if _EVERYWHERE or on == "process" or claim.id not in _SHOWN_ON_PROCESSES
        )


def _tried() -> Iterator[tuple[Saboteur, str]]:
    """In short, one for each claim, on the quicker runtime; STACKPROOF_SABOTEURS=everywhere: all, on both."""
    if _EVERYWHERE:
        yield from ((saboteur, on) for saboteur in SABOTEURS for on in sorted(saboteur.on))
        return
    quick = [saboteur for saboteur in SABOTEURS if not saboteur.slow and saboteur.example == _IN_SHORT]
    for claim in dict.fromkeys(saboteur.claim for saboteur in quick):
        yield min(((each, on) for each in quick if each.claim == claim for on in each.on), key=_cost)


def _cost(tried: tuple[Saboteur, str]) -> bool:
    return tried[1] != "process"


@pytest.fixture(scope="session")
def healthy(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Healthy:
    items = [item for item in request.session.items if isinstance(item, pytest.Function) and hasattr(item, "callspec")]
    claims = [item.callspec.params.get("claim") for item in items]
    asked = frozenset(claim.id for claim in claims if isinstance(claim, Claim))
    return Healthy(tmp_path_factory.getbasetemp(), asked)


@pytest.fixture(scope="session")
def ahead(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ahead]:
    """Begins with the first test of a saboteur: the whole stacks, which are held to their times, have run alone."""
    items = (item for item in request.session.items if isinstance(item, pytest.Function))
    given = (item.callspec.params for item in items if item.module is sys.modules[__name__])
    asked = [(params["saboteur"], params["on"]) for params in given if "saboteur" in params]
    with Ahead(tmp_path_factory.getbasetemp(), cast(list[tuple[Saboteur, str]], asked)) as ahead:
        yield ahead


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


@pytest.mark.parametrize(
    ("claim", "on"),
    [pytest.param(claim, on, marks=_RUNTIMES[on], id=f"{claim.id}-{on}") for claim, on in _asked()],
)
def test_an_example_as_it_is_is_proved(claim: Claim, on: str, healthy: Healthy, table: list[Row]) -> None:
    evidence = healthy.of(claim, on)
    table.append((on, claim.id, str(evidence.verdict), evidence.seconds, f"- {' '.join(_shown(claim))} as it is"))
    needs_engine = claim.group == "image" or claim.id in _CONTAINERS
    if evidence.excused and claim.id == _READ_BY_COMPOSE and on == "process":
        return  # plain processes are for machines that may have no Compose to read files with
    assert evidence.excused is (on == "process" and needs_engine), evidence.because
    assert evidence.excused or evidence.verdict is Verdict.PROVED, evidence.because


@pytest.mark.parametrize(
    ("saboteur", "on"),
    [
        pytest.param(saboteur, on, marks=_RUNTIMES[on], id=f"{on}-{saboteur.claim}-{saboteur.says}")
        for saboteur, on in _tried()
    ],
)
def test_each_saboteur_is_caught(saboteur: Saboteur, on: str, ahead: Ahead, table: list[Row]) -> None:
    evidence = ahead.evidence(saboteur, on)
    table.append((on, saboteur.claim, str(evidence.verdict), evidence.seconds, f"{saboteur.says}: {evidence.because}"))
    assert evidence.verdict is Verdict.REFUTED, evidence.because
    assert saboteur.names in evidence.because

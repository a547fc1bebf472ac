"""Which claims are measured at once, and how that goes."""

import threading
from dataclasses import replace

import pytest

from stackproof.model.proof import Claim, Company, Evidence, Verdict
from stackproof.prove import CLAIMS
from stackproof.prove.side_by_side import side_by_side
from stackproof.prove.turns import Turn, turns
from stackproof.tools import command


def _claim(name: str, company: Company, group: str = "running") -> Claim:
    return replace(CLAIMS[0], id=name, company=company, group=group)  # type: ignore[arg-type]


def _named(claims: tuple[Claim, ...]) -> str:
    return " ".join(claim.id for claim in claims)


def _said(*claims: Claim) -> list[tuple[str, str]]:
    return [(_named(turn.first), _named(turn.beside)) for turn in turns(claims)]


START, WRITES = _claim("start", "alone"), _claim("writes", "alone")
PORTS, ROUTES, SOURCE = _claim("ports", "looks"), _claim("routes", "looks"), _claim("source", "looks", "source")
BUILDS = _claim("builds", "builds", "image")
HUNG, LOST = _claim("hung", "waits", "fault"), _claim("lost", "waits", "fault")


def test_claims_that_look_are_measured_at_once_before_and_after_the_start() -> None:
    assert _said(SOURCE, START, PORTS, WRITES, ROUTES) == [
        ("", "source"), ("start", ""), ("", "ports routes"), ("writes", ""),
    ]  # fmt: skip


def test_what_builds_is_measured_beside_what_waits() -> None:
    assert _said(BUILDS, START, HUNG, WRITES, LOST) == [("start", ""), ("hung lost", "builds"), ("writes", "")]


def test_what_builds_looks_where_nothing_waits() -> None:
    assert _said(SOURCE, BUILDS, START, PORTS) == [("", "source builds"), ("start", ""), ("", "ports")]


def test_every_claim_is_measured_once() -> None:
    planned = [claim.id for turn in turns(CLAIMS) for claim in (*turn.first, *turn.beside)]
    assert sorted(planned) == [claim.id for claim in CLAIMS]


def test_the_start_of_the_stack_is_measured_with_nothing_beside_it() -> None:
    order = [{claim.id for claim in (*turn.first, *turn.beside)} for turn in turns(CLAIMS)]
    start = order.index({"SP301-healthy-in-time"})
    assert not [name for turn in order[:start] for name in turn if name > "SP3"]


def _evidence(claim: Claim) -> Evidence:
    return Evidence(claim.id, claim.group, claim.says, Verdict.PROVED, "so", "", 0.0)


def test_those_of_a_turn_run_at_the_same_time() -> None:
    meet = threading.Barrier(3, timeout=10.0)

    def measured(claim: Claim) -> Evidence:
        meet.wait()
        return _evidence(claim)

    found = side_by_side(Turn((HUNG,), (BUILDS, PORTS), 2), measured)
    assert sorted(each.claim for each in found) == ["builds", "hung", "ports"]


def test_a_turn_that_is_interrupted_ends_the_programs_of_the_others() -> None:
    began = threading.Event()
    codes: list[int | None] = []

    def measured(claim: Claim) -> Evidence:
        if claim is HUNG:
            began.wait(10.0)
            raise KeyboardInterrupt
        began.set()
        codes.append(command.run(("sleep", "60"), timeout=60.0).exit_code)
        return _evidence(claim)

    with pytest.raises(KeyboardInterrupt):
        list(side_by_side(Turn((HUNG,), (BUILDS, PORTS), 1), measured))
    assert codes
    assert codes[0] in (-15, -9)


def test_commands_are_told_to_the_claim_they_were_run_for() -> None:
    def measured(claim: Claim) -> Evidence:
        with command.heard() as commands:
            command.run(("echo", claim.id), timeout=10.0)
            command.run(("true",), timeout=10.0)
        return replace(_evidence(claim), commands=tuple(commands))

    found = side_by_side(Turn((HUNG,), (BUILDS, PORTS), 2), measured)
    assert [[ran.command for ran in each.commands] for each in found] == [["echo", "true"]] * 3

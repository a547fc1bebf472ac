"""Claims, measured and judged: evidence."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Literal

from stackproof.errors import BuildFailed, Exit, NotHealthy, ToolFailed, Unmeasurable
from stackproof.model.proof import Claim, Evidence, Judgement, Measurement, Verdict
from stackproof.model.running import Bench, Note, Progress
from stackproof.model.surroundings import Surroundings
from stackproof.prove import disturbed
from stackproof.prove.ahead import ahead
from stackproof.prove.side_by_side import side_by_side
from stackproof.prove.turns import turns
from stackproof.tools import command

# Which claims are about exactly what these say; to all others it is a stack that they could not measure.
_BUILDS = frozenset({"SP101-clean-clone", "SP201-build-time"})
_STARTS = frozenset({"SP301-healthy-in-time"})
_NO_TIMES: Mapping[str, float] = MappingProxyType({})
_NOTHING_RAN = Measurement("", "", {})


def unwatched() -> Surroundings:
    """A machine on which nothing happens."""
    return Surroundings(steady=0.0, wall=0.0, load=0.0, cores=1)


def prove(
    claims: Iterable[Claim],
    bench: Bench,
    note: Note,
    look: Callable[[], Surroundings] = unwatched,
    seconds: Mapping[str, float] = _NO_TIMES,
) -> Iterator[Evidence]:
    """Evidence for each claim, as it is there: those of one turn (`turns`) are measured at once.

    A tool that failed leaves its claim unmeasured, with the tool's words. A stack that could not be built or started
    refutes the claims about just that. Whatever else a claim raises (a bug of ours, something that the user must
    change first) goes through. `look` sees what goes on around each claim; `seconds` is what each took the last time.
    """
    planned = turns(claims)
    asked = [claim for turn in planned for claim in (*turn.first, *turn.beside)]
    begun: set[str] = set()

    def measured(claim: Claim) -> Evidence:
        left = [claim, *(each for each in asked if each is not claim and each.id not in begun)]
        begun.add(claim.id)
        note(Progress("prove", claim.id, claim.says, "begun", ahead(left, len(asked), seconds)))
        with command.heard() as commands:
            evidence = replace(_evidence(claim, bench, look), commands=tuple(commands))
        note(Progress("prove", claim.id, f"{evidence.verdict}: {evidence.because}", _state(evidence.verdict)))
        return evidence

    for turn in planned:
        yield from side_by_side(turn, measured)


def outcome(evidence: Iterable[Evidence], *, require_all: bool) -> Exit:
    """The exit code of a proof: one that measured nothing has failed, and so has one in which a tool did.

    A claim that this runtime or these settings cannot measure is excused, unless all are required.
    """
    items = tuple(evidence)
    verdicts = {item.verdict for item in items}
    if Verdict.REFUTED in verdicts:
        return Exit.REFUTED
    missing = any(item.verdict is Verdict.UNMEASURED and (require_all or not item.excused) for item in items)
    return Exit.TOOL if missing or Verdict.PROVED not in verdicts else Exit.OK


def _evidence(claim: Claim, bench: Bench, look: Callable[[], Surroundings]) -> Evidence:
    begun, before = time.monotonic(), look()
    measurement: Measurement | None = None
    excused = False
    try:
        measurement = claim.measure(bench)
        judgement = claim.judge(measurement, bench.stack.bounds)
    except BuildFailed as problem:
        judgement = _not_there(claim.id in _BUILDS, "the image could not be built", problem)
    except NotHealthy as problem:
        judgement = _not_there(claim.id in _STARTS, "the stack could not be started", problem)
    except ToolFailed as problem:
        excused = isinstance(problem, Unmeasurable)
        judgement = Judgement(Verdict.UNMEASURED, _sentences(str(problem), problem.fix))
    seconds, found = time.monotonic() - begun, disturbed.between(before, look())
    judgement = disturbed.weighed(judgement, claim.group, measurement or _NOTHING_RAN, found)
    return Evidence(
        claim=claim.id,
        group=claim.group,
        says=claim.says,
        verdict=judgement.verdict,
        because=judgement.because,
        limit=judgement.limit,
        seconds=seconds,
        measurement=measurement,
        excused=excused or judgement.excused,
        disturbances=found,
    )


def _sentences(problem: str, fix: str) -> str:
    return f"{problem.rstrip('.')}. {fix}" if fix else problem


def _not_there(is_about: bool, what: str, problem: BuildFailed | NotHealthy) -> Judgement:
    if is_about:
        return Judgement(Verdict.REFUTED, f"{what}: {problem}", timed=isinstance(problem, NotHealthy) and problem.timed)
    return Judgement(Verdict.UNMEASURED, f"{what}: {str(problem).splitlines()[0][:160]}")


def _state(verdict: Verdict) -> Literal["done", "failed"]:
    return "failed" if verdict is Verdict.REFUTED else "done"

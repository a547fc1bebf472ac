"""SP333: no secret of the running stack stands in what the engine shows, in a log, or in our own record."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, replace
from typing import cast

from stackproof.errors import Unmeasurable
from stackproof.model.proof import Claim, Evidence, Json, Judgement, Measurement, Verdict
from stackproof.model.running import Bench, Running
from stackproof.model.stack import Bounds, Stack
from stackproof.prove.searching import needles, occurs
from stackproof.prove.verdicts import held, rows, text, unmeasured, whole

_KINDS = ("password", "given", "tls-key")  # the others follow from these, or are no secret
_SHORTEST = 8  # characters: what is shorter is found everywhere
_Needles = Mapping[str, tuple[bytes, ...]]  # by the secret's name


def applies(stack: Stack) -> bool:
    return any(secret.kind in _KINDS for secret in stack.secrets)


def _measure(bench: Bench) -> Measurement:
    running = bench.running()
    wanted = _wanted(bench)
    if not wanted:
        raise Unmeasurable("No secret of the stack has a text.", fix="There is nothing to look for.")
    places = list(_places(running))
    return Measurement(
        f"{sum(len(said) for _, said in places) / 1e3:.0f} kB in {len(places)} places",
        "the secrets that the proof made for this stack, looked for as they are, in base64, in hexadecimal, escaped "
        "for URLs and pages, and split over lines: in what the engine shows of each container (environment, command, "
        "mounts), in the log of each, jobs too, and in everything that the record of this proof holds",
        {
            "secrets": list(wanted),
            "places": [{"where": where, "characters": len(said)} for where, said in places],
            "found": [*_found(wanted, places)],
            "evidence_searched": 0,
        },
    )


def with_record(bench: Bench, claim: Claim, evidence: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
    """The same evidence, this claim's judged anew with what the others hold: none can look at what comes after it."""
    return tuple(_searched(bench, claim, each, evidence) if each.claim == claim.id else each for each in evidence)


def _searched(bench: Bench, claim: Claim, own: Evidence, evidence: tuple[Evidence, ...]) -> Evidence:
    if own.measurement is None:
        return own
    places = [(f"the evidence of {each.claim}", _texts(each)) for each in evidence]
    observed = own.measurement.observed
    leaks = list(_found(_wanted(bench), places))
    more = {**observed, "found": [*observed["found"], *leaks], "evidence_searched": len(places)}
    measurement = replace(own.measurement, observed=more)
    if own.verdict is Verdict.UNMEASURED and not leaks:
        return replace(own, measurement=measurement)  # whatever disturbed it still holds
    judgement = claim.judge(measurement, bench.stack.bounds)
    return replace(own, measurement=measurement, verdict=judgement.verdict, because=judgement.because)


def _wanted(bench: Bench) -> _Needles:
    texts = ((each.name, bench.secret(each.name)) for each in bench.stack.secrets if each.kind in _KINDS)
    return {name: needles(said) for name, said in texts if len(said) >= _SHORTEST}


def _places(running: Running) -> Iterator[tuple[str, str]]:
    for state in running.states():
        if state.status != "waiting":
            service, replica = state.name, state.replica
            named = service if replica == 1 else f"{service} {replica}"
            yield f"what the engine shows of {named}", running.shown(service, replica)
            yield f"the log of {named}", running.logs(service, replica)


def _texts(item: Evidence) -> str:
    """Every text of it, one a line: the record escapes them, and a search looks past that."""
    return "\n".join(_strings(asdict(item)))


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield str(key)
            yield from _strings(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _strings(each)


def _found(wanted: _Needles, places: Iterable[tuple[str, str]]) -> Iterator[Json]:
    for where, said in places:
        data = said.encode()
        for name, forms in wanted.items():
            if hit := occurs(forms, data):
                yield {"secret": name, "where": where, "plain": hit.startswith(forms[0])}


def _judge(measurement: Measurement, _: Bounds) -> Judgement:
    found, places = rows(measurement, "found"), rows(measurement, "places")
    problems = (f"{row['secret']} is in {row['where']}{'' if row['plain'] else ', encoded'}" for row in found)
    if not found and not any(whole(row, "characters") for row in places if text(row, "where").startswith("the log")):
        return unmeasured("no service has written a log that could be searched")
    secrets = cast(list[str], measurement.observed["secrets"])
    claims = whole(measurement.observed, "evidence_searched")
    record = f" and in the evidence of {claims} claims" if claims else ""
    return held(problems, f"none of {len(secrets)} secrets is in {measurement.figure}{record}")


CLAIM = Claim(
    id="SP333-no-secret-shown",
    group="running",
    says="No secret of the stack stands in what the engine shows of a service, in a log, or in our own record.",
    measure=_measure,
    judge=_judge,
    applies=applies,
)

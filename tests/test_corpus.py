"""Every project of the corpus: the facts that are found in it, and the plan that is made for it."""

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from stackproof.detect import detect
from stackproof.errors import UserError
from stackproof.model.facts import Fact, Project
from stackproof.model.stack import Service, Stack
from stackproof.plan import plan
from stackproof.plan.settings import settings
from tests.corpus.reading import Case, cases

CASES = {case.name: case for case in cases()}
AROUND = ("proxy", "observe", "load", "backup", "monitor")  # what every stack of its kind gets in prod


@pytest.mark.parametrize("name", CASES)
def test_facts(name: str) -> None:
    case = CASES[name]
    found = [_plain(fact) for fact in detect(case.tree).facts]
    for wanted in case.expected.get("facts", ()):
        same = [fact for fact in found if fact["kind"] == wanted["kind"]]
        assert any(_holds(fact, wanted) for fact in same), f"{wanted} is not among {same}"
    for unwanted in case.expected.get("not", ()):
        assert not [fact for fact in found if unwanted in (fact["kind"], fact.get("target"), fact.get("name"))]


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if "plan" in case.expected])
def test_plan(name: str) -> None:
    case = CASES[name]
    wanted = case.expected["plan"]
    project = detect(case.tree)
    if refused := wanted.get("refused"):
        with pytest.raises(UserError) as problem:
            _planned(case, project)
        assert refused in str(problem.value)
        return
    stack = _planned(case, project)
    own = {service.name: service for service in stack.services if service.role not in AROUND}
    assert sorted(own) == sorted(wanted["services"])
    for service, said in wanted["services"].items():
        _compare(own[service], said)
    _compare_rest(stack, wanted)


def _planned(case: Case, project: Project) -> Stack:
    return plan(project, settings(case.tree), "prod")


def _compare(service: Service, said: Mapping[str, Any]) -> None:
    """`command` is what the command begins with; `health` the route that is asked."""
    found = {
        "role": service.role,
        "image": service.image,
        "port": service.port,
        "health": service.health.target if service.health else "",
        "replicas": service.replicas,
        "queues": list(service.queues),
    }
    command = " ".join(service.command)
    assert f"{command} ".startswith(said.get("command", command) + " "), command
    assert {key: value for key, value in found.items() if key in said} == {
        key: value for key, value in said.items() if key != "command"
    }


def _compare_rest(stack: Stack, wanted: Mapping[str, Any]) -> None:
    """Every volume, and the settings or subjects that must be among the notes."""
    if "volumes" in wanted:
        assert sorted(volume.name for volume in stack.volumes) == sorted(wanted["volumes"])
    told = [f"{note.about}: {note.setting}" for note in stack.notes]
    for note in wanted.get("notes", ()):
        assert any(note in each for each in told), f"{note!r} is not among {told}"


def _plain(fact: Fact) -> dict[str, object]:
    """A field called `kind` is `of` here: `kind` is the kind of fact."""
    return {"kind": type(fact).__name__, **dict(_fields(fact))}


def _fields(fact: Fact) -> Iterator[tuple[str, object]]:
    for field in dataclasses.fields(fact):
        value = getattr(fact, field.name)
        if field.name == "seen":
            yield "at", str(value)
        else:
            yield "of" if field.name == "kind" else field.name, list(value) if isinstance(value, tuple) else value


def _holds(fact: Mapping[str, object], wanted: Mapping[str, Any]) -> bool:
    return all(key in fact and fact[key] == value for key, value in wanted.items())

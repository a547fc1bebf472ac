"""Which variables of the code become secrets, and of which kind: made by us, or known to the user alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from stackproof.model.facts import Variable
from stackproof.model.source import Place
from stackproof.model.stack import Because, Secret
from stackproof.plan import knowledge
from stackproof.plan.addresses import Held, files, password
from stackproof.plan.given import Given

_PASSWORD: Literal["password"] = "password"  # noqa: S105  the name of a kind
_GIVEN: Literal["given"] = "given"


@dataclass(frozen=True, slots=True)
class Found:
    secret: Secret
    held: tuple[Held, ...]


def found(given: Given, taken: frozenset[str]) -> tuple[Found, ...]:
    """`taken`: the variables that the stores' addresses and passwords have."""
    return tuple(_found(given, taken))


def unset(given: Given) -> frozenset[str]:
    """Variables that the settings keep out of every environment, with those that name their files."""
    names = {name for name, said in given.settings.secrets.items() if said == "unset"}
    return frozenset({*names, *(files(given)[name].file_variable for name in names if name in files(given))})


def _found(given: Given, taken: frozenset[str]) -> Iterator[Found]:
    for name, seen in _candidates(given):
        if name not in taken and (kind := _kind(given, name)):
            made = name.lower().replace("_", "-")
            because = Because(_words(kind), seen)
            fact = next((each for each in given.project.all(Variable) if each.name == name), None)
            needed = kind == _PASSWORD or fact is None or fact.required
            secret = Secret(made, kind, because, required=needed, generated=given.dev and kind == _PASSWORD)
            yield Found(secret, tuple(Held(each) for each in password(given, name, made, because)))


def _words(kind: str) -> str:
    return "a secret of the application's own" if kind == "password" else "a secret that only you can know"


def _candidates(given: Given) -> Iterator[tuple[str, Place]]:
    """Each once, by name. The name of a file is no secret, whatever it is called."""
    read = files(given)
    named_files = {fact.file_variable for fact in read.values()}
    places = {fact.name: fact.seen for fact in given.project.all(Variable) if fact.name not in named_files}
    yield from sorted({**{fact.variable: fact.seen for fact in read.values()}, **places}.items())


def _kind(given: Given, name: str) -> Literal["password", "given"] | None:
    """None: no secret, or an optional one that the user may set like any other variable."""
    said = given.settings.secrets.get(name)
    if said is not None:
        return {"generated": _PASSWORD, "given": _GIVEN, "unset": None}[said]
    fact = next((each for each in given.project.all(Variable) if each.name == name), None)
    file = name in files(given)
    if not file and not (fact and fact.secret):
        return None
    required = fact is not None and fact.required
    if knowledge.THIRD_PARTIES & set(name.upper().split("_")):
        return _GIVEN if required else None
    default = fact is not None and bool(fact.default)  # a secret that stands in the code is none
    return _PASSWORD if required or file or default else None

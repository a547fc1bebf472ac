"""Processes that serve no HTTP and run until they are stopped: bots, schedulers, consumers, queue workers."""

import shlex
from collections.abc import Iterator, Sequence
from functools import lru_cache

from stackproof.detect import celery, code, django_programs, endless, queues, reach, runners, scripts, start_lines, web
from stackproof.detect.scripts import Script
from stackproof.model.facts import Ambiguity, Fact, Program
from stackproof.model.source import Place, SourceTree

_NAMES = ("bot", "main", "__main__", "run", "app", "worker", "start", "consumer", "scheduler")  # best first
_SHELL = set("|&;<>$`*?(){}")
_PYTHON = ("python", "python3")


def detect(tree: SourceTree) -> Iterator[Fact]:
    stated = list(_stated(tree))
    yield from stated
    known = {fact.command for fact in stated if isinstance(fact, Program)}
    managed = [*queues.found(tree), *django_programs.found(tree)]
    yield from (fact for fact in managed if fact.command not in known)
    yield from _scripts(tree, known, alone=not (stated or managed))


def _scripts(tree: SourceTree, known: set[tuple[str, ...]], *, alone: bool) -> Iterator[Fact]:
    """What a start line runs; else the best one of each kind. A plain loop counts where there is nothing else."""
    found = [fact for fact in _endless(tree) if fact.command not in known]
    named = [fact for fact in found if _runs(tree, fact)]
    alone = alone and not web.found(tree) and not celery.applications(code.read(tree)).ready
    strong = [fact for fact in found if fact.kind != "script"]
    weak = [fact for fact in found if fact.kind == "script"] if alone and not strong else []
    best = {fact.kind: fact for fact in reversed(strong + weak)}
    chosen = named or list(best.values())
    yield from (fact for fact in found if fact in chosen)
    yield from (_left_out(fact) for fact in found if fact not in chosen)


@lru_cache(maxsize=8)
def _endless(tree: SourceTree) -> tuple[Program, ...]:
    """The best name first."""
    known = code.read(tree)
    found = []
    for script in scripts.found(tree):
        inside = tuple(reach.reached(known, script.module, script.steps))
        kind = endless.kind(known, inside)
        if kind and (kind == "bot" or not runners.serves(known, inside)):
            found.append(Program(script.name, kind, script.words, _place(script)))
    return tuple(sorted(found, key=_rank))


def _place(script: Script) -> Place:
    return script.module.place(script.steps[0])


def _rank(fact: Program) -> tuple[object, ...]:
    usual = _NAMES.index(fact.name) if fact.name in _NAMES else len(_NAMES)
    return usual, fact.seen.path.count("/"), fact.seen.path


def _runs(tree: SourceTree, fact: Program) -> bool:
    return start_lines.run(tree, fact.seen.path, fact.command[-1]) is not None


def _left_out(fact: Program) -> Ambiguity:
    return Ambiguity(
        about=f"process {fact.name}",
        chosen="left out",
        candidates=(fact.seen.path,),
        because="it runs until it is stopped, but nothing says that it belongs beside what was chosen",
        setting=f"services.{fact.name.replace('_', '-').lower()}.command = {_list(fact.command)}",
        seen=fact.seen,
    )


def _list(words: Sequence[str]) -> str:
    return "[" + ", ".join(f'"{word}"' for word in words) + "]"


def _stated(tree: SourceTree) -> Iterator[Fact]:
    """Lines of the Procfile that run a file of the project, other than its web server, Celery, and one-time steps."""
    for name, command, seen in start_lines.processes(tree):
        words = _words(command)
        if name in ("web", "release") or not words:
            continue
        if words[0] in _PYTHON and len(words) > 1 and (words[1] in tree or words[1] == "-m"):
            yield Program(name, "script", ("python", *words[1:]), seen)


def _words(command: str) -> tuple[str, ...]:
    """In exec form; none where a shell is needed to understand it."""
    if _SHELL & set(command):
        return ()
    try:
        return tuple(shlex.split(command))
    except ValueError:
        return ()

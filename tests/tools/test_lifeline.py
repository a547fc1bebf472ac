"""Which run of the engine this is: another answer once it was gone, and another one once it is back."""

import pytest

from stackproof.errors import ToolFailed
from stackproof.tools.docker import lifeline
from stackproof.tools.docker.engine import Engine


class Stream:
    """The engine's stream of events: `engine_is_there` decides what happens to it."""

    engine_is_there = True
    open = 0

    def __init__(self, _engine: Engine, project: str, since: int) -> None:
        assert project
        assert since
        if not Stream.engine_is_there:
            raise ToolFailed("it refuses connections", fix="Start it.")
        self.ended = False
        Stream.open += 1

    def close(self) -> None:
        Stream.open -= 1
        if self.ended:
            raise ToolFailed("there is nothing to close", fix="")


@pytest.fixture
def streams(monkeypatch: pytest.MonkeyPatch) -> list[Stream]:
    made: list[Stream] = []

    def watch(engine: Engine, project: str, since: int) -> Stream:
        made.append(Stream(engine, project, since))
        return made[-1]

    monkeypatch.setattr(Stream, "engine_is_there", True)
    monkeypatch.setattr(Stream, "open", 0)
    monkeypatch.setattr(lifeline, "Watch", watch)
    return made


def test_the_same_run_has_the_same_answer(streams: list[Stream]) -> None:
    with lifeline.held(Engine({})) as life:
        assert life() == life()
        assert len(streams) == 1
    assert Stream.open == 0


def test_a_restart_has_another_answer(streams: list[Stream]) -> None:
    with lifeline.held(Engine({})) as life:
        before = life()
        streams[0].ended = True
        assert life() != before
    assert Stream.open == 0


def test_an_engine_that_is_gone_has_another_answer_too(streams: list[Stream], monkeypatch: pytest.MonkeyPatch) -> None:
    with lifeline.held(Engine({})) as life:
        before = life()
        streams[0].ended = True
        monkeypatch.setattr(Stream, "engine_is_there", False)
        gone = life()
        monkeypatch.setattr(Stream, "engine_is_there", True)
        assert len({before, gone, life()}) == 3


def test_nothing_is_held_where_nobody_asked(streams: list[Stream]) -> None:
    with lifeline.held(Engine({})):
        assert streams == []

"""The claims of one turn, measured at once."""

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context

from stackproof.model.proof import Claim, Evidence
from stackproof.prove.turns import Turn
from stackproof.tools import command

Measured = Callable[[Claim], Evidence]


def side_by_side(turn: Turn, measured: Measured) -> Iterator[Evidence]:
    """What this thread measures comes as it is there, the rest when the turn is over.

    Whatever ends it early (Ctrl-C, a bug) ends the programs that run for the others, and no further claim begins.
    """
    waiting, programs = deque(turn.beside), command.Bundle()
    with ThreadPoolExecutor(max(turn.lanes, 1)) as threads:
        lanes = [threads.submit(copy_context().run, _lane, waiting, measured, programs) for _ in range(turn.lanes)]
        try:
            for claim in turn.first:
                yield measured(claim)
            for lane in lanes:
                yield from lane.result()
        except BaseException:
            waiting.clear()
            programs.end()
            raise


def _lane(waiting: deque[Claim], measured: Measured, programs: command.Bundle) -> list[Evidence]:
    programs.join()
    found = list[Evidence]()
    while True:
        try:
            claim = waiting.popleft()
        except IndexError:
            return found
        found.append(measured(claim))

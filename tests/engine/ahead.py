"""Sabotaged stacks, on plain processes two at a time, each begun before its test asks: such a proof mostly waits."""

from collections.abc import Iterable
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from types import TracebackType
from typing import Self

from stackproof.errors import UserError
from stackproof.model.proof import Evidence
from stackproof.prove import CLAIMS
from tests.engine.proving import proof
from tests.saboteurs import Saboteur
from tests.saboteurs.every import SABOTEURS

# BuildKit of Docker 26.1 has been seen to crash, and the engine with it, when two builds ran at once.
_AT_ONCE = {"process": 2, "docker": 1}


class Ahead:
    """Open it with `with`: what was not begun by its end is not begun any more."""

    def __init__(self, folder: Path, asked: Iterable[tuple[Saboteur, str]]) -> None:
        """`asked`: which saboteur, on which runtime, in the order of the tests."""
        spawned = get_context("spawn")
        self._pools = {on: ProcessPoolExecutor(most, mp_context=spawned) for on, most in _AT_ONCE.items()}
        self._begun: dict[tuple[int, str], Future[Evidence]] = {}
        for saboteur, on in asked:
            number = SABOTEURS.index(saboteur)
            root = folder / f"{on}-{number}" / saboteur.example
            self._begun[number, on] = self._pools[on].submit(_evidence, root, on, number)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for pool in self._pools.values():
            pool.shutdown(cancel_futures=True)

    def evidence(self, saboteur: Saboteur, on: str) -> Evidence:
        return self._begun[SABOTEURS.index(saboteur), on].result()


def _evidence(root: Path, on: str, number: int) -> Evidence:
    """By its number, for what a saboteur does cannot be sent to another process."""
    saboteur = SABOTEURS[number]
    try:
        (evidence,) = proof(root, on, [claim for claim in CLAIMS if claim.id == saboteur.claim], saboteur)
    except UserError as problem:
        raise RuntimeError(f"{problem}\n{problem.fix}") from None  # one that can be sent to another process
    return evidence

"""Sabotaged stacks, two at a time, each begun before its test asks for it: most of such a proof is waiting."""

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

_AT_ONCE = 2


class Ahead:
    """Open it with `with`: what was not begun by its end is not begun any more."""

    def __init__(self, folder: Path, asked: Iterable[tuple[Saboteur, str]]) -> None:
        """`asked`: which saboteur, on which runtime, in the order of the tests."""
        self._pool = ProcessPoolExecutor(_AT_ONCE, mp_context=get_context("spawn"))
        self._begun: dict[tuple[int, str], Future[Evidence]] = {}
        for saboteur, on in asked:
            number = SABOTEURS.index(saboteur)
            root = folder / f"{on}-{number}" / saboteur.example
            self._begun[number, on] = self._pool.submit(_evidence, root, on, number)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(cancel_futures=True)

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

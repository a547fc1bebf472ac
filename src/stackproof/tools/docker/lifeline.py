"""Whether the engine was restarted: a stream that ends only with it, for its API does not say when it was started."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from stackproof.errors import ToolFailed
from stackproof.tools.docker.engine import Engine
from stackproof.tools.docker.watch import Watch

_NOBODY = "stackproof-nobody"  # a project without containers: nothing is ever told about it


@contextmanager
def held(engine: Engine) -> Iterator[Callable[[], str]]:
    """A question that is answered with another text once the engine was gone, and again once it is back."""
    line = _Lifeline(engine)
    try:
        yield line.life
    finally:
        line.let_go()


@dataclass
class _Lifeline:
    engine: Engine
    lives: int = 0
    watch: Watch | None = None

    def life(self) -> str:
        if self.watch is None or self.watch.ended:
            self.let_go()
            try:
                self.watch = Watch(self.engine, _NOBODY, time.time_ns())
            except ToolFailed:
                return f"gone after {self.lives}"
            self.lives += 1
        return str(self.lives)

    def let_go(self) -> None:
        if self.watch is not None:
            with suppress(ToolFailed):  # it went with the engine
                self.watch.close()
            self.watch = None

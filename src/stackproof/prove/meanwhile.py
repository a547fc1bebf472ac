"""Requests, one after the other, while something else happens."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager

from stackproof.tools.http import Answer

_PAUSE = 0.1

Asked = list[Answer]
Meanwhile = Callable[[Callable[[], Answer]], AbstractContextManager[Asked]]


@contextmanager
def asking(ask: Callable[[], Answer]) -> Iterator[Asked]:
    """What was answered so far; whole when the block has ended."""
    answers: Asked = []
    enough = threading.Event()

    def go_on() -> None:
        while not enough.wait(_PAUSE):
            answers.append(ask())

    with ThreadPoolExecutor(1) as beside:
        running = beside.submit(go_on)
        try:
            yield answers
        finally:
            enough.set()
            running.result()

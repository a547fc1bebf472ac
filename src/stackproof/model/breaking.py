"""What can be done to the services of a stack that is up, so that a claim sees what comes of it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol

from stackproof.model.seen import Stopped


class Breakable(Protocol):
    """What lasts for a while is undone whatever happens; after a kill -9 of stackproof the next command does it."""

    def kill(self, service: str, replica: int = 1) -> None:
        """SIGKILL to all its processes at once, as the kernel's memory killer would; its restart policy applies."""
        ...

    def stop(self, service: str, replica: int = 1) -> Stopped:
        """SIGTERM, then SIGKILL after the service's grace time; it stays stopped."""
        ...

    def start(self, service: str, replica: int = 1) -> None:
        """Start a stopped service, or a job once more; does not wait."""
        ...

    def replace(self, service: str) -> None:
        """Remove its containers and make new ones, each at another address; does not wait until they are healthy."""
        ...

    def without_file(self, path: str) -> AbstractContextManager[None]:
        """Take a file (with `@{volume.x}`) away for a while; put back whatever happens."""
        ...

    def frozen(self, service: str) -> AbstractContextManager[None]:
        """SIGSTOP to all its processes for a while; they go on whatever happens."""
        ...

    def frozen_child(self, service: str) -> AbstractContextManager[Callable[[], bool]]:
        """The same for one child of its main process, the first replica's: whether that child is still there."""
        ...

    def cut(self, service: str) -> AbstractContextManager[None]:
        """No packet goes from it or to it for a while; its addresses stay, and it is mended whatever happens."""
        ...

    def unresolved(self, service: str) -> AbstractContextManager[None]:
        """It finds nobody by name for a while; connections that are open stay, and it is mended whatever happens."""
        ...

    def slowed(self, service: str) -> AbstractContextManager[None]:
        """What it sends is late, or lost, for a while: its lines are slow, and their queues short."""
        ...

    def unwritable(self, service: str) -> AbstractContextManager[None]:
        """Its volumes refuse every write for a while, and then take them again, whatever happens."""
        ...

    def exhaust(self, service: str, replica: int = 1) -> None:
        """All memory below its limit is taken until the kernel kills a process of it, and is given back at once."""
        ...

    def scaled(self, service: str) -> AbstractContextManager[Callable[[int], str]]:
        """So many containers of it as one says, for a while; what stands against it, in words.

        It does not wait until they are healthy.
        """
        ...

"""What is made from a stack: files, and the images that are built from them."""

import hashlib
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Artifact:
    """A rendered file, its path relative to the project."""

    path: str
    text: str
    mode: int = 0o644

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()


@dataclass(frozen=True)
class Written:
    """What writing changed on disk: paths relative to the project, in each group sorted."""

    created: tuple[str, ...]
    updated: tuple[str, ...]
    unchanged: tuple[str, ...]
    removed: tuple[str, ...]  # written by an earlier version, rendered no more
    kept: tuple[str, ...] = ()  # copies of what `force` replaced: "Dockerfile.orig"


@dataclass(frozen=True)
class Difference:
    """A file on disk that is not as rendered; `ours`: unchanged since we wrote it, so it may be replaced."""

    path: str
    kind: Literal["missing", "changed", "left over"]
    ours: bool
    diff: str  # unified, from disk to rendered


@dataclass(frozen=True)
class Layer:
    """One layer of an image: digest of the unpacked layer, bytes on disk, the build step that made it."""

    digest: str
    size: int
    made_by: str


@dataclass(frozen=True)
class Image:
    """A built image as the engine reports it; `size` in bytes, unpacked. `stand_in` is the base's own label, if any."""

    tag: str
    digest: str
    size: int
    user: str
    layers: tuple[Layer, ...]
    stand_in: str = ""


@dataclass(frozen=True)
class Built:
    """One build: the image, how long it took in seconds, and everything that the builder printed."""

    image: Image
    seconds: float
    log: str

"""What is made from a stack: files, and the images that are built from them."""

import hashlib
from dataclasses import dataclass


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

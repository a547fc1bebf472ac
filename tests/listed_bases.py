"""The list of base images that `scripts/engine` works from, as rows."""

from dataclasses import dataclass
from pathlib import Path

ENGINE = Path(__file__).parents[1] / "scripts" / "engine.d"


@dataclass(frozen=True, slots=True)
class Base:
    image: str
    recipe: str
    made: str  # usual, seldom, cannot

    @property
    def repository(self) -> str:
        return self.image.partition(":")[0]


def _rows() -> tuple[Base, ...]:
    lines = (ENGINE / "bases").read_text().splitlines()
    return tuple(Base(*line.split()) for line in lines if not line.startswith("#"))


BASES = _rows()


def image(repository: str) -> str:
    """The usual image out of this repository."""
    (found,) = (base.image for base in BASES if base.made == "usual" and base.repository == repository)
    return found

"""What goes on around a measurement, seen before and after it, and what of that may have disturbed it."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Surroundings:
    """The machine at one moment."""

    steady: float  # seconds on a clock that only goes forward
    wall: float  # seconds since 1970, by the clock that people set
    load: float  # processes wanting a core, averaged by the kernel over the last minute
    cores: int
    stolen: float = 0.0  # seconds that the hypervisor has kept from this machine since it was started
    engine: str = ""  # another text once the engine was restarted; "" where there is none


@dataclass(frozen=True)
class Disturbance:
    kind: Literal["load", "stolen", "clock", "engine"]
    said: str  # "load 12.0 on 2 cores"

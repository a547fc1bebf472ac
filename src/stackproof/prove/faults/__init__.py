"""What can happen to a service of a running stack, one file each."""

from stackproof.prove.faults import (
    cut_off,
    hung,
    hung_child,
    killed,
    late,
    no_names,
    no_writes,
    out_of_memory,
    slow_line,
)
from stackproof.prove.faults.fault import Fault

FAULTS: tuple[Fault, ...] = (
    killed.FAULT,
    hung.FAULT,
    cut_off.FAULT,
    late.FAULT,
    hung_child.FAULT,
    out_of_memory.FAULT,
    no_names.FAULT,
    slow_line.FAULT,
    no_writes.FAULT,
)

__all__ = ["FAULTS", "Fault"]

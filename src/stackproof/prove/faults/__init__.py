"""What can happen to a service of a running stack, one file each."""

from stackproof.prove.faults import cut_off, hung, hung_child, killed, late
from stackproof.prove.faults.fault import Fault

FAULTS: tuple[Fault, ...] = (killed.FAULT, hung.FAULT, cut_off.FAULT, late.FAULT, hung_child.FAULT)

__all__ = ["FAULTS", "Fault"]

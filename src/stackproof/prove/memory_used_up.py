"""SP412: any one service runs out of memory, and everything comes back by itself."""

from stackproof.prove import outage
from stackproof.prove.faults import out_of_memory

CLAIM = outage.claim(
    "SP412-memory-used-up",
    out_of_memory.FAULT,
    "Any one service runs out of memory: it comes back by itself, and nothing that was accepted is lost.",
)

"""SP414: a store is on a slow line for a while, and everything goes on afterwards."""

from stackproof.prove import outage
from stackproof.prove.faults import slow_line

CLAIM = outage.claim(
    "SP414-store-slow",
    slow_line.FAULT,
    "A store answers late, or not at all, for a while: all is well by itself afterwards, and nothing is lost.",
)

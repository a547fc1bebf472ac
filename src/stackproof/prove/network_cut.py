"""SP409: any one service is cut off from the network, and everything goes on afterwards."""

from stackproof.prove import outage
from stackproof.prove.faults import cut_off

CLAIM = outage.claim(
    "SP409-network-cut",
    cut_off.FAULT,
    "Any one service is cut off from the network: all is well by itself afterwards, and nothing is lost.",
)

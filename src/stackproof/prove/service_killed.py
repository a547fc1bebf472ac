"""SP407: any one service is killed, and everything comes back by itself."""

from stackproof.prove import outage
from stackproof.prove.faults import killed

CLAIM = outage.claim(
    "SP407-service-killed",
    killed.FAULT,
    "Any one service is killed: it comes back by itself, and nothing that was accepted is lost.",
)

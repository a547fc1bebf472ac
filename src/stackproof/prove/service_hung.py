"""SP408: any one service hangs: its health sees it, and everything is well when it goes on."""

from stackproof.prove import outage
from stackproof.prove.faults import hung

CLAIM = outage.claim(
    "SP408-service-hung",
    hung.FAULT,
    "Any one service hangs: its health check sees it, and once it goes on all is well and nothing is lost.",
)

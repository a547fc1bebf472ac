"""SP410: a store comes up after the services that need it, and they find it."""

from stackproof.prove import outage
from stackproof.prove.faults import late

CLAIM = outage.claim(
    "SP410-store-late",
    late.FAULT,
    "A store comes up later than the services that use it: they find it by themselves.",
)

"""SP332: a volume that refuses writes costs nothing that was accepted."""

from stackproof.prove import outage
from stackproof.prove.faults import no_writes

CLAIM = outage.claim(
    "SP332-writes-refused",
    no_writes.FAULT,
    "A volume refuses all writes for a while: all is well by itself afterwards, and nothing that was accepted is lost.",
)

"""SP413: a service finds nobody by name for a while, and everything goes on afterwards."""

from stackproof.prove import outage
from stackproof.prove.faults import no_names

CLAIM = outage.claim(
    "SP413-names-lost",
    no_names.FAULT,
    "Names cannot be looked up for a while: all is well by itself afterwards, and nothing is lost.",
)

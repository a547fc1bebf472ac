"""All saboteurs, in the order of their claims."""

from tests.saboteurs import Saboteur
from tests.saboteurs.checks import CHECKS
from tests.saboteurs.faults import FAULTS
from tests.saboteurs.image import IMAGE
from tests.saboteurs.lasting import LASTING
from tests.saboteurs.load import LOAD
from tests.saboteurs.outages import OUTAGES
from tests.saboteurs.proxy import BEHIND, ENTRANCE
from tests.saboteurs.running import RUNNING
from tests.saboteurs.source import SOURCE
from tests.saboteurs.stores import STORES
from tests.saboteurs.together import TOGETHER

SABOTEURS: tuple[Saboteur, ...] = (
    *SOURCE, *IMAGE, *RUNNING, *ENTRANCE, *STORES, *TOGETHER, *LASTING, *CHECKS, *FAULTS, *BEHIND, *LOAD, *OUTAGES,
)  # fmt: skip

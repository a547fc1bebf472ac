"""What breaks the promises about load, one at a time."""

from tests.saboteurs import Saboteur
from tests.saboteurs.edits import DOCKER, PROCESS, source
from tests.saboteurs.proxy import never_again

_API = "src/tubeatlas/api.py"
_LOOKS = '        return {"query": q, "results": await session.run_sync(store.search, q, limit)}\n'
_SLOWLY = f"        import asyncio\n\n        await asyncio.sleep(3)\n{_LOOKS}"
_NOT_ALWAYS = f"""        import random

        if random.random() < 0.3:
            raise HTTPException(status.HTTP_503_SERVICE_UNAVAILABLE, "the index is busy")
{_LOOKS}"""

LOAD: tuple[Saboteur, ...] = (
    Saboteur(
        "SP417-load-kept",
        "a search waits for 3 s",
        "p95 is 3",
        tree=source(_API, _LOOKS, _SLOWLY),
        on=PROCESS,
    ),
    Saboteur(
        "SP417-load-kept",
        "a third of all searches is refused, quickly",
        "x status 503",
        tree=source(_API, _LOOKS, _NOT_ALWAYS),
    ),
    Saboteur(
        "SP418-rolling-restart",
        "what a replica that is being restarted does not answer is handed on to the client",
        "requests failed (",
        artifacts=never_again,
        on=DOCKER,
        example="exoplanet",
    ),
)

"""How often somebody may do something in a minute, counted in Redis for all replicas together."""

import time

from personal_assistant.database import cache

_WINDOW_SECONDS = 60


def wait(who: str, limit: int) -> int:
    """Counts one more; 0 if it is within the limit, else the seconds until the next window."""
    moment = int(time.time())
    key = f"rate:{who}:{moment // _WINDOW_SECONDS}"
    with cache.client().pipeline() as pipeline:
        pipeline.incr(key)
        pipeline.expire(key, _WINDOW_SECONDS)
        count = int(pipeline.execute()[0])
    return _WINDOW_SECONDS - moment % _WINDOW_SECONDS if count > limit else 0

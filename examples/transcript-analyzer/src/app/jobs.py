"""The state of every job, in Redis.

Messages are delivered at least once, effects happen exactly once: each change of state is one
script that first looks at the state it leaves. Open jobs also stand in a sorted set, with the
time at which somebody should ask whether their messages were lost.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, cast

from redis import Redis
from redis.backoff import NoBackoff
from redis.commands.core import Script
from redis.retry import Retry

from src.app.settings import Settings

QUEUED, PROCESSING, DONE, FAILED = "queued", "processing", "done", "failed"

_OPEN: Final = "jobs:open"
_UNFINISHED = (QUEUED, PROCESSING)
# Seconds; a request must not hang on a Redis that is away or silent.
_SOCKET_TIMEOUT = 0.9
_LOST_AT_ONCE = 50

# The job's key; the states it may be in; a counter to raise, or nothing; fields and values to set.
_GUARDED = """
local state = redis.call('HGET', KEYS[1], 'state')
if not state or not string.find(ARGV[1], '|' .. state .. '|', 1, true) then return 0 end
if #ARGV > 2 then redis.call('HSET', KEYS[1], unpack(ARGV, 3)) end
if ARGV[2] == '' then return 1 end
return redis.call('HINCRBY', KEYS[1], ARGV[2], 1)
"""


@dataclass(frozen=True)
class Jobs:
    redis: "Redis"
    ttl: int  # seconds that a job is kept
    patience: int  # seconds without news after which a job's messages count as lost

    def add(self, job_id: str, title: str) -> None:
        with self.redis.pipeline() as pipe:
            pipe.hset(_key(job_id), items=["title", title, "state", QUEUED, "created_at", _now()])
            pipe.expire(_key(job_id), self.ttl)
            pipe.zadd(_OPEN, {job_id: time.time() + self.patience})
            pipe.execute()

    def remove(self, job_id: str) -> None:
        with self.redis.pipeline() as pipe:
            pipe.delete(_key(job_id), _parts_key(job_id))
            pipe.zrem(_OPEN, job_id)
            pipe.execute()

    def begin(self, job_id: str, parts: int) -> bool:
        """False if there is no such job, or if it has come to its end."""
        begun = self._guarded(
            job_id, _UNFINISHED, "attempts", state=PROCESSING, parts=parts, touched_at=_now()
        )
        if begun:
            self.redis.hsetnx(_key(job_id), "started_at", _now())
            self._has_news(job_id)
        return begun > 0

    def begin_part(self, job_id: str, number: int) -> int:
        """How often this part was begun, now included; 0 if its job is not being processed."""
        return self._guarded(job_id, (PROCESSING,), f"begun:{number}")

    def part_is_done(self, job_id: str, number: int) -> bool:
        return bool(self.redis.sismember(_parts_key(job_id), str(number)))

    def end_part(self, job_id: str, number: int) -> None:
        with self.redis.pipeline() as pipe:
            pipe.sadd(_parts_key(job_id), str(number))
            pipe.expire(_parts_key(job_id), self.ttl)
            pipe.execute()
        self._has_news(job_id)

    def finish(self, job_id: str) -> bool:
        """True for one caller only, however many there are."""
        first = self._guarded(
            job_id, (PROCESSING,), "completions", state=DONE, finished_at=_now(), error=""
        )
        if first:
            self.redis.zrem(_OPEN, job_id)
        return first > 0

    def fail(self, job_id: str, error: str) -> bool:
        first = self._guarded(
            job_id, _UNFINISHED, "", state=FAILED, finished_at=_now(), error=error[:500]
        )
        if first:
            self.redis.zrem(_OPEN, job_id)
        return first > 0

    def status(self, job_id: str) -> dict[str, Any] | None:
        with self.redis.pipeline() as pipe:
            pipe.hgetall(_key(job_id))
            pipe.scard(_parts_key(job_id))
            fields, done = pipe.execute()
        return _status(job_id, fields, done) if "state" in fields else None

    def lost(self) -> list[str]:
        """Open jobs without news for too long; each is named again later, after twice the time."""
        names = cast(
            "list[str]",
            self.redis.zrangebyscore(_OPEN, "-inf", time.time(), start=0, num=_LOST_AT_ONCE),
        )
        return [job_id for job_id in names if self._asked_again(job_id)]

    def _asked_again(self, job_id: str) -> bool:
        times = self._guarded(job_id, _UNFINISHED, "resumes")
        if not times:
            self.redis.zrem(_OPEN, job_id)
            return False
        due = time.time() + self.patience * 2 ** min(times, 6)
        self.redis.zadd(_OPEN, {job_id: due}, xx=True)
        return True

    def _has_news(self, job_id: str) -> None:
        self.redis.zadd(_OPEN, {job_id: time.time() + self.patience}, xx=True)

    def _guarded(
        self, job_id: str, states: Sequence[str], counter: str, **fields: str | int
    ) -> int:
        script: Script = self.redis.register_script(_GUARDED)
        pairs = [item for pair in fields.items() for item in pair]
        arguments = [f"|{'|'.join(states)}|", counter, *pairs]
        return int(script(keys=[_key(job_id)], args=arguments))


def connect(settings: Settings) -> Jobs:
    """Opens no connection yet. One retry: a pooled connection may have died with its server."""
    password = settings.redis_password
    client = Redis.from_url(
        settings.redis_url,
        password=password.get_secret_value() if password else None,
        decode_responses=True,
        socket_timeout=_SOCKET_TIMEOUT,
        socket_connect_timeout=_SOCKET_TIMEOUT,
        retry=Retry(NoBackoff(), 1),
    )
    return Jobs(client, settings.job_ttl_seconds, 2 * settings.visibility_timeout_seconds)


def _status(job_id: str, fields: dict[str, str], parts_done: int) -> dict[str, Any]:
    parts = int(fields.get("parts", 0))
    state = fields["state"]
    return {
        "id": job_id,
        "title": fields.get("title", ""),
        "state": state,
        "progress": 100 if state == DONE else min(99, 100 * parts_done // max(parts, 1)),
        "parts": parts,
        "attempts": int(fields.get("attempts", 0)),
        "completions": int(fields.get("completions", 0)),
        "error": fields.get("error") or None,
        **{name: fields.get(name) for name in ("created_at", "started_at", "finished_at")},
    }


def _key(job_id: str) -> str:
    return f"job:{job_id}"


def _parts_key(job_id: str) -> str:
    return f"job:{job_id}:parts"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")

"""The HTTP interface to transcripts, graphs and search."""

import asyncio
import logging
from secrets import compare_digest
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Query, status
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from kombu.exceptions import OperationalError
from pydantic import BaseModel, Field
from redis.exceptions import RedisError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from tubeatlas import database, store
from tubeatlas.config.settings import get_settings
from tubeatlas.models import State
from tubeatlas.tasks import process_transcript

_QUEUE_SECONDS = 5

_log = logging.getLogger(__name__)

router = APIRouter(prefix="/api/v1")


class NewTranscript(BaseModel):
    title: str = Field(min_length=1, max_length=200)
    text: str = Field(min_length=1)


def _authorized(
    given: Annotated[HTTPAuthorizationCredentials | None, Depends(HTTPBearer(auto_error=False))],
) -> None:
    token = get_settings().api_token
    if token is None:
        return
    credentials = given.credentials if given else ""
    if not compare_digest(credentials.encode(), token.get_secret_value().encode()):
        raise HTTPException(
            status.HTTP_401_UNAUTHORIZED,
            "a bearer token is needed",
            headers={"WWW-Authenticate": "Bearer"},
        )


@router.post(
    "/transcripts", status_code=status.HTTP_202_ACCEPTED, dependencies=[Depends(_authorized)]
)
async def submit(new: NewTranscript) -> dict[str, str]:
    async with _sessions().begin() as session:
        transcript_id = await session.run_sync(store.add, new.title, new.text)
    try:
        async with asyncio.timeout(_QUEUE_SECONDS):
            await asyncio.to_thread(process_transcript.apply_async, (transcript_id,), retry=False)
    except (OperationalError, RedisError, TimeoutError) as error:
        # A message that got through after all finds nothing, and says so in the worker's log.
        async with _sessions().begin() as session:
            await session.run_sync(store.remove, transcript_id)
        _log.error("transcript %s: not queued: %s", transcript_id, type(error).__name__)
        raise HTTPException(
            status.HTTP_503_SERVICE_UNAVAILABLE, "the queue cannot be reached, try again"
        ) from error
    _log.info("transcript %s: queued, %d characters", transcript_id, len(new.text))
    return {"id": transcript_id, "state": State.QUEUED}


@router.get("/transcripts/{transcript_id}")
async def show(transcript_id: str) -> dict[str, Any]:
    async with _sessions()() as session:
        return _found(await session.run_sync(store.status, transcript_id))


@router.get("/transcripts/{transcript_id}/graph")
async def show_graph(transcript_id: str) -> dict[str, Any]:
    async with _sessions()() as session:
        return _found(await session.run_sync(store.graph, transcript_id))


@router.get("/search")
async def search(
    q: Annotated[str, Query(min_length=1, max_length=500)],
    limit: Annotated[int, Query(ge=1, le=50)] = 10,
) -> dict[str, Any]:
    async with _sessions()() as session:
        return {"query": q, "results": await session.run_sync(store.search, q, limit)}


def _found(answer: dict[str, Any] | None) -> dict[str, Any]:
    if answer is None:
        raise HTTPException(status.HTTP_404_NOT_FOUND, "no such transcript")
    return answer


def _sessions() -> async_sessionmaker[AsyncSession]:
    return database.async_sessions(get_settings().database_url)

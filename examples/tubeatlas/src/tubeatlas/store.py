"""What is written and read, and the guards that make every effect happen once.

A message may be delivered twice, and two workers may hold the same one. Each stage is
therefore left in one transaction whose first statement is a guarded UPDATE: it takes the
write lock, and only one worker ever sees it change a row.
"""

import re
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from enum import Enum, auto
from typing import Any, cast
from uuid import uuid4

from sqlalchemy import CursorResult, case, delete, func, insert, select, text, update
from sqlalchemy.orm import Session

from tubeatlas.graph import Graph
from tubeatlas.models import Chunk, Edge, Node, Stage, State, Transcript
from tubeatlas.text import Statistics

_UNFINISHED = (State.QUEUED, State.PROCESSING)


class Begin(Enum):
    WORK = auto()
    ALREADY_DONE = auto()  # this stage; the next one may still have to be told
    FAILED = auto()
    UNKNOWN = auto()


def add(session: Session, title: str, raw: str) -> str:
    now = _now()
    transcript = Transcript(id=uuid4().hex, title=title, text=raw, created_at=now, touched_at=now)
    session.add(transcript)
    session.flush()
    return transcript.id


def remove(session: Session, transcript_id: str) -> None:
    session.execute(delete(Transcript).where(Transcript.id == transcript_id))


def begin(session: Session, transcript_id: str, stage: Stage) -> Begin:
    """Counts an attempt: the first start of all, and each start of a stage that had begun."""
    again = (Transcript.stage_starts > 0) | Transcript.started_at.is_(None)
    changed = _guarded(
        session,
        transcript_id,
        stage,
        state=State.PROCESSING,
        stage_starts=Transcript.stage_starts + 1,
        attempts=Transcript.attempts + case((again, 1), else_=0),
        started_at=func.coalesce(Transcript.started_at, _now()),
    )
    if changed:
        return Begin.WORK
    state = session.scalar(select(Transcript.state).where(Transcript.id == transcript_id))
    if state is None:
        return Begin.UNKNOWN
    return Begin.FAILED if state == State.FAILED else Begin.ALREADY_DONE


def starts(session: Session, transcript_id: str) -> int:
    """How often the present stage was begun."""
    query = select(Transcript.stage_starts).where(Transcript.id == transcript_id)
    return session.scalars(query).one()


def note_error(
    session: Session, transcript_id: str, stage: Stage, error: str, *, next_in: float = 0
) -> None:
    """`next_in`: seconds in which no sign of life is to be expected."""
    _guarded(session, transcript_id, stage, error=error, touched_at=_in(next_in))


def take_silent(session: Session, seconds: float) -> list[tuple[str, Stage]]:
    """Unfinished ones without a sign of life for so long; taken once, also by two workers."""
    silent = (
        update(Transcript)
        .where(Transcript.state.in_(_UNFINISHED), Transcript.touched_at < _in(-seconds))
        .values(touched_at=_now())
        .returning(Transcript.id, Transcript.stage)
    )
    return [(found, Stage(stage)) for found, stage in session.execute(silent)]


def give_up(session: Session, transcript_id: str, stage: Stage, error: str) -> None:
    _guarded(session, transcript_id, stage, state=State.FAILED, error=error, finished_at=_now())


def raw_text(session: Session, transcript_id: str) -> str:
    return session.scalars(select(Transcript.text).where(Transcript.id == transcript_id)).one()


def clean_text(session: Session, transcript_id: str) -> str:
    query = select(Chunk.text).where(Chunk.transcript_id == transcript_id).order_by(Chunk.position)
    return " ".join(session.scalars(query))


def finish_chunks(session: Session, transcript_id: str, chunks: list[str]) -> bool:
    if not _leave(session, transcript_id, Stage.CHUNKS, Stage.GRAPH):
        return False
    session.execute(
        insert(Chunk),
        [
            {"transcript_id": transcript_id, "position": position, "text": chunk}
            for position, chunk in enumerate(chunks)
        ],
    )
    return True


def finish_graph(session: Session, transcript_id: str, graph: Graph) -> bool:
    if not _leave(session, transcript_id, Stage.GRAPH, Stage.INDEX):
        return False
    for table, rows in ((Node, graph.nodes), (Edge, graph.edges)):
        if rows:
            session.execute(
                insert(table), [{"transcript_id": transcript_id, **asdict(row)} for row in rows]
            )
    return True


def finish_index(session: Session, transcript_id: str, found: Statistics) -> bool:
    """The last commit: searchable, done and counted as completed, all or nothing."""
    left = _leave(
        session,
        transcript_id,
        Stage.INDEX,
        Stage.NONE,
        state=State.DONE,
        completions=Transcript.completions + 1,
        finished_at=_now(),
        words=found.words,
        speaking_minutes=found.speaking_minutes,
        top_terms=list(found.top_terms),
    )
    if left:
        session.execute(
            text(
                "INSERT INTO chunk_index (rowid, text) "
                "SELECT id, text FROM chunks WHERE transcript_id = :id"
            ),
            {"id": transcript_id},
        )
    return left


def status(session: Session, transcript_id: str) -> dict[str, Any] | None:
    found = session.get(Transcript, transcript_id)
    if found is None:
        return None
    return {
        "id": found.id,
        "title": found.title,
        "state": found.state,
        "attempts": found.attempts,
        "completions": found.completions,
        "error": found.error,
        "counts": {
            "words": found.words,
            **{
                table.__tablename__: _count(session, table, found.id)
                for table in (Chunk, Node, Edge)
            },
        },
        "speaking_minutes": found.speaking_minutes,
        "top_terms": found.top_terms,
        "created_at": found.created_at,
        "started_at": found.started_at,
        "finished_at": found.finished_at,
    }


def graph(session: Session, transcript_id: str) -> dict[str, Any] | None:
    state = session.scalar(select(Transcript.state).where(Transcript.id == transcript_id))
    if state is None:
        return None
    nodes = session.scalars(
        select(Node)
        .where(Node.transcript_id == transcript_id)
        .order_by(Node.mentions.desc(), Node.name)
    )
    edges = session.scalars(
        select(Edge)
        .where(Edge.transcript_id == transcript_id)
        .order_by((Edge.weight * Edge.together).desc(), Edge.source, Edge.target)
    )
    return {
        "id": transcript_id,
        "state": state,
        "nodes": [{"name": node.name, "mentions": node.mentions} for node in nodes],
        "edges": [
            {
                "source": edge.source,
                "target": edge.target,
                "together": edge.together,
                "weight": edge.weight,
            }
            for edge in edges
        ],
    }


def search(session: Session, query: str, limit: int) -> list[dict[str, Any]]:
    """The best chunks by BM25, best first; a chunk needs any one of the words."""
    words = re.findall(r"\w+", query)
    if not words:
        return []
    rows = session.execute(
        text(
            "SELECT c.transcript_id, t.title, c.position, c.text, -bm25(chunk_index) AS score "
            "FROM chunk_index "
            "JOIN chunks AS c ON c.id = chunk_index.rowid "
            "JOIN transcripts AS t ON t.id = c.transcript_id "
            "WHERE chunk_index MATCH :words ORDER BY bm25(chunk_index), c.id LIMIT :limit"
        ),
        {"words": " OR ".join(f'"{word}"' for word in words), "limit": limit},
    )
    return [dict(row) for row in rows.mappings()]


def _leave(session: Session, transcript_id: str, stage: Stage, then: Stage, **also: object) -> bool:
    return _guarded(session, transcript_id, stage, stage=then, stage_starts=0, error=None, **also)


def _guarded(session: Session, transcript_id: str, at: Stage, /, **values: object) -> bool:
    result = session.execute(
        update(Transcript)
        .where(
            Transcript.id == transcript_id,
            Transcript.stage == at,
            Transcript.state.in_(_UNFINISHED),
        )
        .values({"touched_at": _now(), **values})
    )
    return cast("CursorResult[Any]", result).rowcount == 1


def _count(session: Session, table: type[Chunk | Node | Edge], transcript_id: str) -> int:
    query = select(func.count()).select_from(table).where(table.transcript_id == transcript_id)
    return session.scalars(query).one()


def _now() -> str:
    return _in(0)


def _in(seconds: float) -> str:
    moment = datetime.now(UTC) + timedelta(seconds=seconds)
    return moment.isoformat(timespec="milliseconds")

"""The tables."""

from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class State(StrEnum):
    QUEUED = "queued"
    PROCESSING = "processing"
    DONE = "done"
    FAILED = "failed"


class Stage(StrEnum):
    """What is to be done next with a transcript, in this order."""

    CHUNKS = "chunks"
    GRAPH = "graph"
    INDEX = "index"
    NONE = "none"


class Base(DeclarativeBase):
    pass


class Transcript(Base):
    __tablename__ = "transcripts"

    id: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    text: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(default=State.QUEUED)
    stage: Mapped[str] = mapped_column(default=Stage.CHUNKS)
    stage_starts: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    completions: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None] = mapped_column(Text)
    words: Mapped[int] = mapped_column(default=0)
    speaking_minutes: Mapped[float] = mapped_column(default=0.0)
    top_terms: Mapped[list[str]] = mapped_column(JSON, default=list)
    created_at: Mapped[str]
    # The last sign of life, or when the next one is due; what shows none is sent again.
    touched_at: Mapped[str] = mapped_column(server_default="")
    started_at: Mapped[str | None]
    finished_at: Mapped[str | None]


class Chunk(Base):
    __tablename__ = "chunks"
    __table_args__ = (UniqueConstraint("transcript_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    transcript_id: Mapped[str] = mapped_column(ForeignKey("transcripts.id"))
    position: Mapped[int]
    text: Mapped[str] = mapped_column(Text)


class Node(Base):
    __tablename__ = "nodes"

    transcript_id: Mapped[str] = mapped_column(ForeignKey("transcripts.id"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    mentions: Mapped[int]


class Edge(Base):
    __tablename__ = "edges"

    transcript_id: Mapped[str] = mapped_column(ForeignKey("transcripts.id"), primary_key=True)
    source: Mapped[str] = mapped_column(primary_key=True)
    target: Mapped[str] = mapped_column(primary_key=True)
    together: Mapped[int]
    weight: Mapped[float]


# SQLite's own full-text index over the chunks: it ranks by BM25 without another dependency.
SEARCH_INDEX = (
    "CREATE VIRTUAL TABLE IF NOT EXISTS chunk_index "
    "USING fts5(text, content='chunks', content_rowid='id')"
)

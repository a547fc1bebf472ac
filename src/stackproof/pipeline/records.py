"""Stored records, once more: judged with other limits, or compared."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from stackproof.errors import UserError
from stackproof.pipeline import read_record

if TYPE_CHECKING:
    from stackproof.model.proof import Record
    from stackproof.report.compare import Comparison


def judge(path: Path, limits: Path | None) -> Record:
    """The record's measurements, held against its own limits and those of a file that says others."""
    from stackproof.plan.settings import limits as read_limits
    from stackproof.prove import CLAIMS
    from stackproof.prove.again import judged

    record = read_record(path)
    if limits is None:
        return judged(record, CLAIMS, record.bounds)
    if not limits.exists():
        raise UserError(f"{limits}: no such file", fix="Name a TOML file with the limits below [bounds].")
    return judged(record, CLAIMS, read_limits(limits.read_bytes(), limits.as_posix(), record.bounds))


def compare(before: Path, after: Path) -> Comparison:
    """Raises UserError for records of different projects, environments or runtimes: nothing in them is alike."""
    from stackproof.report.compare import compared

    return compared(read_record(before), read_record(after))


def last(path: Path) -> Record | None:
    """The record there, if any that can be read: what it says about times is welcome, and nothing hangs on it."""
    with suppress(UserError):
        return read_record(path)
    return None

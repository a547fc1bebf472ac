"""The record as JSON text, and back; schema in docs/record.md."""

import msgspec

from stackproof.errors import UserError
from stackproof.model.proof import Record

SCHEMA = 1  # raised when a field changes its meaning or goes; new fields alone do not raise it


class _Head(msgspec.Struct):
    """Read first: another schema may have other fields."""

    schema: int


def dump(record: Record) -> str:
    return msgspec.json.format(msgspec.json.encode(record), indent=1).decode() + "\n"


def load(text: bytes, path: str) -> Record:
    """Raises UserError for what is no record, or one of another schema."""
    again = "Give the record.json that `stackproof prove` wrote, or run it again."
    try:
        schema = msgspec.json.decode(text, type=_Head).schema
        if schema != SCHEMA:
            raise UserError(f"{path}: has schema {schema}, this stackproof reads {SCHEMA}", fix=again)
        return msgspec.json.decode(text, type=Record)
    except (msgspec.MsgspecError, RecursionError) as problem:
        raise UserError(f"{path}: not a record of a proof: {problem}", fix=again) from problem

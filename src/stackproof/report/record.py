"""The record as JSON text, and back; schema in docs/record.md."""

import msgspec

from stackproof.errors import UserError
from stackproof.model.proof import Record

SCHEMA = 1  # raised when a field changes its meaning or goes; new fields alone do not raise it


def dump(record: Record) -> str:
    return msgspec.json.format(msgspec.json.encode(record), indent=1).decode() + "\n"


def load(text: bytes, path: str) -> Record:
    """Raises UserError for what is no record, or one of another schema."""
    again = "Give the record.json that `stackproof prove` wrote, or run it again."
    try:
        record = msgspec.json.decode(text, type=Record)
    except msgspec.MsgspecError as problem:
        raise UserError(f"{path}: not a record of a proof: {problem}", fix=again) from problem
    if record.schema != SCHEMA:
        raise UserError(f"{path}: has schema {record.schema}, this stackproof reads {SCHEMA}", fix=again)
    return record

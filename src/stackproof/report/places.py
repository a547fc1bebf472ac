"""Where in the project a refuted claim is best repaired."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from stackproof.model.proof import Evidence, Record

# A file of the project and a line of it, as claims name them; not the address of a server, and no path of the machine.
_NAMED = re.compile(
    r"(?<![\w./@:~-])((?:[\w-][\w.-]*/)*(?:[\w.-]+\.(?:py|toml|txt|cfg|ini|ya?ml|json|jsx?|mjs|cjs|tsx?|html|css|sh|conf|env"
    r"|lock|example)|[\w.-]*Dockerfile|\.dockerignore)):([1-9]\d{0,6})\b"
)
_ENDINGS: Mapping[str, str] = {"image": "Dockerfile", "running": ".yaml", "fault": ".yaml"}
_SETTINGS = "stackproof.toml"


@dataclass(frozen=True)
class Place:
    path: str
    line: int = 1


def place(item: Evidence, record: Record) -> Place:
    """The line that the evidence names; else the file that such a claim is about; else the settings."""
    return next(_named(item), Place(_usual(item, record)))


def _named(item: Evidence) -> Iterator[Place]:
    observed = item.measurement.observed if item.measurement else {}
    for text in (item.because, *_texts(observed)):
        yield from (Place(path, int(line)) for path, line in _NAMED.findall(text) if ".." not in path.split("/"))


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)


def _usual(item: Evidence, record: Record) -> str:
    ending = _ENDINGS.get(item.group)
    found = (path for path in record.files if ending and path.endswith(ending))
    return next(found, next(iter(record.files), _SETTINGS))

"""On which line each key of a TOML text stands: tomllib tells values, not places."""

import re
from collections.abc import Mapping

_HEADER = re.compile(r"\s*\[{1,2}\s*([^\]]+?)\s*\]")
_KEY = re.compile(r"""\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=(.*)""")
_PART = re.compile(r"""[\w-]+|"[^"]*"|'[^']*'""")
_FENCE = re.compile(r'"""|\'\'\'')


def lines(text: str) -> Mapping[str, int]:
    """Dotted keys and tables, each with its first line. Keys inside of inline tables have the line of the table."""
    found: dict[str, int] = {}
    table, fence = "", ""
    for number, line in enumerate(text.splitlines(), 1):
        if not fence:
            if header := _HEADER.match(line):
                table = _dotted(header[1])
                found.setdefault(table, number)
            elif key := _KEY.match(line):
                found.setdefault(f"{table}.{_dotted(key[1])}" if table else _dotted(key[1]), number)
        fence = _open(line, fence)
    return found


def _dotted(key: str) -> str:
    return ".".join(part.strip("\"'") for part in _PART.findall(key))


def _open(line: str, fence: str) -> str:
    """The triple quote that is still open at the end of a line, "" for none."""
    for quote in _FENCE.findall(line):
        if not fence:
            fence = quote
        elif quote == fence:
            fence = ""
    return fence

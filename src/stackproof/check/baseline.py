"""Findings that an old project has already: stored, found again where lines move, and told apart from new ones."""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from stackproof.errors import UserError
from stackproof.model.findings import Checked, Finding, Stored
from stackproof.model.source import SourceTree

FILE = "stackproof-baseline.json"
_SCHEMA = 1
_KEYS = ("rule", "path", "line")
_FIX = "Write it anew: stackproof check --write-baseline"


def dump(checked: Checked) -> str:
    stored = sorted(_stored(each, checked.tree) for each in checked.findings)
    document = {"schema": _SCHEMA, "findings": [dict(zip(_KEYS, each, strict=True)) for each in stored]}
    return json.dumps(document, indent=1) + "\n"


def load(data: bytes, path: str) -> tuple[Stored, ...]:
    """Raises UserError for what is no baseline."""
    try:
        document = json.loads(data)
    except (ValueError, RecursionError) as problem:
        raise UserError(f"{path}: not JSON: {problem}", fix=_FIX) from problem
    found = document.get("findings") if isinstance(document, dict) and document.get("schema") == _SCHEMA else None
    if not isinstance(found, list) or not all(_is_stored(each) for each in found):
        raise UserError(f"{path}: not a baseline that this version can read", fix=_FIX)
    return tuple(Stored(*(each[key] for key in _KEYS)) for each in found)


def against(checked: Checked, stored: tuple[Stored, ...]) -> Checked:
    """Only what the baseline does not have; what it has and is gone is said."""
    left = Counter((each.rule, each.path, each.line) for each in stored)
    new = []
    for finding in checked.findings:
        key = _stored(finding, checked.tree)
        if left[key] > 0:
            left[key] -= 1
        else:
            new.append(finding)
    gone = tuple(Stored(*key) for key in sorted(left.elements()))
    return replace(checked, findings=tuple(new), known=len(checked.findings) - len(new), gone=gone)


def _is_stored(entry: object) -> bool:
    return isinstance(entry, Mapping) and all(isinstance(entry.get(key), str) for key in _KEYS)


def _stored(finding: Finding, tree: SourceTree) -> tuple[str, str, str]:
    lines = tree.files.get(finding.at.path, b"").splitlines()
    text = lines[finding.at.line - 1].strip() if 0 < finding.at.line <= len(lines) else b""
    return finding.rule, finding.at.path, hashlib.sha256(text).hexdigest()[:16]

"""The Node line that a front end gets, from what its files ask for in npm's notation."""

import re

from stackproof.errors import UserError
from stackproof.model.facts import Ambiguity, NodeApp
from stackproof.plan import knowledge
from stackproof.plan.knowledge import NodeLine

_OPEN = frozenset({"", "*", "x", "node", "latest", "stable", "current", "lts", "lts/*"})
_CLAUSE = re.compile(r"(>=|<=|>|<|=|\^|~)?v?(\d+)(?:\.(\d+|x|\*))?(?:\.(\d+|x|\*))?(?:-[\w.]+)?", re.ASCII)
_HYPHEN = re.compile(r"(\S+)\s+-\s+(\S+)")
_NEWEST = 999  # an image's tag stands for the newest release of its line


def line(app: NodeApp) -> NodeLine:
    """The usual line where it fits, else the newest supported one that does. Raises UserError where none fits."""
    asked = (app.node or "").strip().lower().strip("\"'")
    fitting = [each for each in knowledge.NODES if _fits(each, asked)]
    if not fitting:
        known = ", ".join(each.version for each in knowledge.NODES)
        raise UserError(
            f"{app.seen}: the front end in {app.folder} asks for Node {app.node!r}: none that we know fits ({known})",
            fix='Say it in its package.json: "engines": { "node": ">=22" }.',
        )
    supported = [each for each in fitting if not each.ended()] or fitting
    usual = (each for each in supported if each.version == knowledge.FREE_NODE)
    return next(usual, supported[-1])


def note(app: NodeApp) -> Ambiguity | None:
    """Said where the Node that was chosen gets no security fixes any more."""
    chosen = line(app)
    if not chosen.ended():
        return None
    because = f"the front end asks for it; its security fixes ended {chosen.ends}"
    return Ambiguity("Node version", chosen.version, (), because, '"engines" in package.json', app.seen)


def _fits(line: NodeLine, asked: str) -> bool:
    if asked in _OPEN or asked == f"lts/{line.codename}":
        return True
    return any(_all(line, part) for part in asked.split("||"))


def _all(line: NodeLine, part: str) -> bool:
    """Every clause between two `||`; one that is no clause holds for nothing."""
    spaced = re.sub(r"(>=|<=|>|<|=|\^|~)\s+", r"\1", _HYPHEN.sub(r">=\1 <=\2", part))
    clauses = [_CLAUSE.fullmatch(word) for word in spaced.split()]
    return bool(clauses) and all(found is not None and _holds(line, found) for found in clauses)


def _holds(line: NodeLine, clause: re.Match[str]) -> bool:
    """A pin (22.1.0, ~22.1, ^22.1) means its line: an image's tag follows the newest release of it."""
    sign, major = clause[1] or "", int(clause[2])
    ours = int(line.version)
    if sign in ("", "=", "^", "~"):
        return ours == major
    limit = (major, *(int(part) for part in (clause[3], clause[4]) if part and part.isdigit()))
    release = (ours, _NEWEST, _NEWEST)[: max(len(limit), 1)]
    return {">=": release >= limit, ">": release > limit, "<=": release <= limit, "<": release < limit}[sign]

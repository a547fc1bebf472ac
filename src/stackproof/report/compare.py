"""Two records of one stack into what got better, what got worse, and why: for a proof against the main branch."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import msgspec

from stackproof.errors import Exit, UserError
from stackproof.model.proof import Evidence, Record, Verdict
from stackproof.report.figures import Figure, Unit, figures

# Beyond which a number has changed: a share of what it was, and an amount below which nobody minds. A build on the same
# machine takes half as long again when something else runs; an image has the same bytes unless something in it changed.
TOLERANCE: Mapping[Unit, tuple[float, float]] = {"bytes": (0.01, 1e6), "s": (0.5, 1.0)}

Kind = Literal["newly refuted", "newly unmeasured", "newly proved", "gone", "new"]
_TITLES: tuple[tuple[Kind, str], ...] = (
    ("newly refuted", "Newly refuted"),
    ("newly unmeasured", "Newly unmeasured"),
    ("newly proved", "Newly proved"),
    ("gone", "Gone: measured before, and not asked any more"),
    ("new", "New: not asked before"),
)


@dataclass(frozen=True)
class Change:
    """A claim whose verdict is another one; `worse`: what was known to be good, or not known to be bad, is no more."""

    claim: str
    says: str
    kind: Kind
    before: Verdict | None
    after: Verdict | None
    because: str  # of the verdict that is there now; of a claim that is gone, why
    worse: bool


@dataclass(frozen=True)
class Moved:
    """A number that changed beyond the tolerance."""

    figure: Figure  # as it is now
    before: float

    @property
    def better(self) -> bool:
        return self.figure.value < self.before


@dataclass(frozen=True)
class Comparison:
    project: str
    environment: str
    runtime: str
    before: str  # source and time of the first record
    after: str
    unlike: tuple[str, ...]  # in what else the two differ: limits, machine, tools, services
    changes: tuple[Change, ...]
    moved: tuple[Moved, ...]
    same: int  # claims with the verdict that they had


def compared(before: Record, after: Record) -> Comparison:
    """Raises UserError for records that are not about the same environment of the same project on the same runtime."""
    for what in ("project", "environment", "runtime"):
        one, other = getattr(before, what), getattr(after, what)
        if one != other:
            raise UserError(
                f"the two records have another {what}: {one} and {other}", fix="Compare two proofs of the same stack."
            )
    old = {item.claim: item for item in before.evidence}
    new = {item.claim: item for item in after.evidence}
    changes = tuple(_changes(old, new, after))
    return Comparison(
        project=after.project,
        environment=after.environment,
        runtime=after.runtime,
        before=f"{before.source}, {before.begun}",
        after=f"{after.source}, {after.begun}",
        unlike=tuple(_unlike(before, after)),
        changes=changes,
        moved=tuple(_moved(old, new)),
        same=len(old.keys() | new.keys()) - len(changes),
    )


def outcome(comparison: Comparison) -> Exit:
    """A verdict that got worse is a finding; a number that did is only said: `bounds` are for what must hold."""
    return Exit.REFUTED if any(change.worse for change in comparison.changes) else Exit.OK


def render(comparison: Comparison) -> str:
    return "\n".join(_lines(comparison))


def dump(comparison: Comparison) -> str:
    document = {**msgspec.to_builtins(comparison), "tolerance": TOLERANCE, "exit_code": int(outcome(comparison))}
    return msgspec.json.format(msgspec.json.encode(document), indent=1).decode()


def _changes(old: Mapping[str, Evidence], new: Mapping[str, Evidence], after: Record) -> Iterator[Change]:
    for claim in sorted(old.keys() | new.keys()):
        was, now = old.get(claim), new.get(claim)
        if now is None:
            why = after.unasked.get(claim, "it was not asked for, or the stack has nothing any more that it is about")
            yield Change(claim, old[claim].says, "gone", old[claim].verdict, None, why, worse=False)
        elif was is None or was.verdict is not now.verdict:
            yield _changed(was, now)


def _changed(was: Evidence | None, now: Evidence) -> Change:
    """What was refuted and is unmeasured now may still be broken: it is said, and not called better or worse."""
    kinds: Mapping[Verdict, Kind] = {
        Verdict.PROVED: "newly proved", Verdict.UNMEASURED: "newly unmeasured", Verdict.REFUTED: "newly refuted",
    }  # fmt: skip
    refuted = now.verdict is Verdict.REFUTED
    lost = was is not None and was.verdict is Verdict.PROVED
    kind = kinds[now.verdict] if was is not None or refuted else "new"
    return Change(
        now.claim, now.says, kind, was.verdict if was else None, now.verdict, now.because, worse=refuted or lost
    )


def _moved(old: Mapping[str, Evidence], new: Mapping[str, Evidence]) -> Iterator[Moved]:
    for claim in sorted(old.keys() & new.keys()):
        known = {figure.name: figure.value for figure in figures(old[claim])}
        for figure in figures(new[claim]):
            was = known.get(figure.name)
            if was is not None and _beyond(was, figure):
                yield Moved(figure, was)


def _beyond(was: float, now: Figure) -> bool:
    share, least = TOLERANCE[now.unit]
    return abs(now.value - was) > max(share * min(was, now.value), least)


def _unlike(before: Record, after: Record) -> Iterator[str]:
    for what, one, other in (
        ("stackproof", before.stackproof, after.stackproof),
        ("limits", _said(before.bounds), _said(after.bounds)),
        ("machine", before.host.get("Machine", ""), after.host.get("Machine", "")),
        *((tool, before.tools.get(tool, ""), after.tools.get(tool, "")) for tool in {**before.tools, **after.tools}),
        ("services", _services(before), _services(after)),
    ):
        if one != other:
            yield f"{what}: {one or 'none'}, now {other or 'none'}"


def _said(bounds: object) -> str:
    return ", ".join(f"{name} {value}" for name, value in msgspec.to_builtins(bounds).items())


def _services(record: Record) -> str:
    return ", ".join(sorted(note.name for note in record.services))


def _lines(found: Comparison) -> Iterator[str]:
    yield f"{found.project} in {found.environment} on {found.runtime}"
    yield f"  before  {found.before}"
    yield f"  now     {found.after}"
    if found.unlike:
        yield "\nNot alike, which may be why"
        yield from (f"  {each}" for each in found.unlike)
    for kind, title in _TITLES:
        if changes := [change for change in found.changes if change.kind == kind]:
            yield f"\n{title}"
            for change in changes:
                yield f"  {change.claim} (was {change.before})" if change.before else f"  {change.claim}"
                yield f"             {change.because}"
    for better, title in ((False, "Figures that got worse"), (True, "Figures that got better")):
        if moved := [each for each in found.moved if each.better is better]:
            yield f"\n{title} (by more than {_tolerance()})"
            yield from (f"  {_figure(each)}" for each in moved)
    worse = sum(change.worse for change in found.changes)
    verdicts = "1 verdict" if worse == 1 else f"{worse} verdicts"
    yield f"\n{verdicts} got worse, {len(found.changes) - worse} changed otherwise, {found.same} stayed the same"


def _tolerance() -> str:
    return ", ".join(f"{share:.0%} and {_value(least, unit)}" for unit, (share, least) in TOLERANCE.items())


def _figure(moved: Moved) -> str:
    figure = moved.figure
    change = f" ({figure.value / moved.before - 1:+.0%})" if moved.before else ""
    was, now = _value(moved.before, figure.unit), _value(figure.value, figure.unit)
    return f"{figure.claim:<26} {figure.name}: {was}, now {now}{change}"


def _value(value: float, unit: Unit) -> str:
    return f"{value / 1e6:.1f} MB" if unit == "bytes" else f"{value:.1f} s"

"""SP102: the lock file pins what the manifest asks for."""

from pathlib import Path
from typing import cast

from stackproof.model.facts import Locked, Requirement
from stackproof.model.proof import Claim, Json, Judgement, Measurement, Verdict
from stackproof.model.running import Bench, Completed
from stackproof.model.stack import Bounds
from stackproof.prove import requirements
from stackproof.tools import command


def _measure(bench: Bench) -> Measurement:
    install = bench.stack.build.install
    if install.lock is None:
        return _measurement(bench, how=f"looked for a lock beside {install.manifest}")
    if install.tool == "pip":
        return _measurement(bench, how=f"{install.lock} read, and held against {install.manifest}")
    with bench.context() as folder:
        done = _check(bench, folder)
    if done.exit_code is None or done.exit_code > 1:
        command.must(done, "Checking the lock", requirements.FIX)
    return _measurement(bench, how=" ".join(done.argv[1:]), done=done)


def _check(bench: Bench, folder: Path) -> Completed:
    """Exit code 0: they agree. 1: they do not. Anything else: the tool could not tell."""
    if bench.stack.build.install.tool == "uv":
        return bench.tool(("uv", "lock", "--check"), folder, timeout=300.0)
    if bench.stack.build.install.tool in ("pdm", "pipenv"):
        words = ("lock", "--check") if bench.stack.build.install.tool == "pdm" else ("verify",)
        where = folder / Path(bench.stack.build.install.manifest).parent
        return bench.tool((*requirements.exporter(bench), *words), where, timeout=300.0)
    poetry = requirements.poetry(bench, folder)
    version = (bench.stack.build.install.tool_version or "2").split(".")
    before_1_6 = version[0] == "1" and int(version[1]) < 6
    return bench.tool((*poetry, *(("lock", "--check") if before_1_6 else ("check", "--lock"))), folder, timeout=300.0)


def _measurement(bench: Bench, how: str, done: Completed | None = None) -> Measurement:
    install = bench.stack.build.install
    asked = list(_asked(bench)) if install.tool == "pip" else []
    count = len(bench.project.all(Locked))
    return Measurement(
        figure=f"{count} pinned" if install.lock else "no lock",
        how=how,
        observed={
            "tool": install.tool,
            "manifest": install.manifest,
            "lock": install.lock,
            "exit_code": done.exit_code if done else None,
            "said": (done.errors.strip() or done.output.strip()) if done else "",
            "pinned": count,
            "asked": cast(list[Json], asked),
        },
        raw=(done,) if done else (),
    )


def _asked(bench: Bench) -> list[dict[str, Json]]:
    pinned = {locked.name: locked.version for locked in bench.project.all(Locked)}
    return [
        {
            "name": wanted.name,
            "specifier": wanted.specifier,
            "version": pinned.get(wanted.name),
            "conditional": ";" in _line(bench, wanted),
            "seen": str(wanted.seen),
        }
        for wanted in bench.project.all(Requirement)
        if not wanted.group
    ]


def _line(bench: Bench, wanted: Requirement) -> str:
    lines = (bench.tree.text(wanted.seen.path) or "").splitlines()
    return lines[wanted.seen.line - 1] if 0 < wanted.seen.line <= len(lines) else ""


def _judge(measured: Measurement, _: Bounds) -> Judgement:
    observed = measured.observed
    if not observed["lock"]:
        return Judgement(Verdict.REFUTED, f"there is no lock: {observed['manifest']} alone does not pin the versions")
    if observed["tool"] != "pip":
        if observed["exit_code"] == 0:
            return Judgement(Verdict.PROVED, f"{observed['lock']} agrees with {observed['manifest']}")
        return Judgement(Verdict.REFUTED, f"{observed['lock']} does not agree: {observed['said']}")
    if wrong := [words for wanted in cast(list[dict[str, Json]], observed["asked"]) if (words := _wrong(wanted))]:
        return Judgement(Verdict.REFUTED, f"{observed['lock']} does not agree: {'; '.join(wrong[:5])}")
    return Judgement(Verdict.PROVED, f"{observed['lock']} pins everything that {observed['manifest']} asks for")


def _wrong(wanted: dict[str, Json]) -> str:
    """What is wrong with one requirement. One with a marker may be left out, for another platform."""
    from packaging.specifiers import SpecifierSet

    if wanted["version"] is None:
        return "" if wanted["conditional"] else f"{wanted['name']} ({wanted['seen']}) is not pinned"
    if SpecifierSet(str(wanted["specifier"])).contains(str(wanted["version"]), prereleases=True):
        return ""
    return f"{wanted['name']} is pinned to {wanted['version']}, but {wanted['seen']} asks for {wanted['specifier']}"


CLAIM = Claim(
    id="SP102-lock-agrees",
    group="source",
    says="The lock file pins what the manifest asks for.",
    measure=_measure,
    judge=_judge,
    company="looks",
)

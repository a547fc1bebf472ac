"""How the dependencies get into the image: with which tool, from which files, and what is added to them."""

import re
from collections.abc import Iterator

from stackproof.errors import UserError
from stackproof.model.facts import Ambiguity, Installer, Locked, OwnMetadata, Requirement, Unmet
from stackproof.model.stack import Install
from stackproof.plan import breaking, knowledge, versions
from stackproof.plan.given import Given

_RELEASE = re.compile(r"\d+(?:\.\d+)*", re.ASCII)
_EXPORTERS = {"poetry": knowledge.POETRY, "pdm": knowledge.PDM, "pipenv": knowledge.PIPENV}


def installer(given: Given) -> Installer:
    found = given.project.all(Installer)
    said = given.settings.installer
    if said is None:
        return found[0]
    for candidate in found:
        if candidate.tool == said:
            return candidate
    raise UserError(
        f"{given.settings.place('installer')}: installer is {said!r}, but the project has no file of it",
        fix=f"Found: {', '.join(fact.tool for fact in found)}.",
    )


def install(given: Given, extra: tuple[str, ...]) -> Install:
    chosen = installer(given)
    return Install(
        tool=chosen.tool,
        manifest=chosen.manifest,
        lock=chosen.lock,
        tool_version=chosen.made_by or _EXPORTERS.get(chosen.tool),
        left_out_groups=() if given.dev else tuple(name for name in chosen.groups if name not in given.groups),
        extra=(*extra, *given.settings.packages),
        inputs=_inputs(given, chosen),
        groups=tuple(dict.fromkeys((*given.groups, *(chosen.groups if given.dev else ())))),
        extras=given.extras,
        local=chosen.local,
        vcs=chosen.vcs,
        files=_files(given, chosen),
        listed=tuple(dict.fromkeys(_listed(given, chosen))),
        constraints=() if chosen.lock else breaking.constraints(given),
    )


def notes(given: Given) -> Iterator[Ambiguity]:
    """What nothing pins, what the lock lacks, and extras that were taken because the code needs them."""
    chosen = installer(given)
    if chosen.lock is None:
        because = f"{chosen.manifest} has no lock: two builds of the same source may get different versions"
        way = {"poetry": "poetry lock", "pipenv": "pipenv lock"}.get(chosen.tool, "uv lock, or uv pip compile")
        yield Ambiguity("lock", "none", (), because, way, chosen.seen)
    else:
        yield from _unlocked(given, chosen)
    if "" in chosen.local:
        because = "a folder that is asked for by its path has no manifest, so what it needs is not installed"
        yield Ambiguity("local folder", "left aside", (), because, "give it a pyproject.toml", chosen.seen)
    for own in given.project.all(OwnMetadata):
        if not own.version:
            because = f"the code asks for the version of {own.name}, which only a build of the project makes: it fails"
            yield Ambiguity("own version", "none", (), because, "a version in the manifest, as a text", own.seen)
    for unmet in given.project.all(Unmet):
        if taken := [name for name in _extras(unmet) if name in given.extras]:
            because = f"the code imports {unmet.module}, which this extra alone brings"
            yield Ambiguity("extra", taken[0], (), because, f'extras = ["{taken[0]}"]', unmet.seen)
        elif not any(lacking.seen == unmet.seen for lacking in breaking.lacking(given)):
            yield _unmet(unmet)


def _unmet(unmet: Unmet) -> Ambiguity:
    where = f"only the group {unmet.groups[0]} does" if unmet.groups else "no dependency does"
    because = (
        f"the code imports {unmet.module}, and {where} name {unmet.distribution}: unless another package brings it"
    )
    way = f'add it to the dependencies, or packages = ["{unmet.distribution}"]'
    return Ambiguity(
        "missing package",
        "nothing",
        (),
        f"{because}: the start fails, unless another package brings it",
        way,
        unmet.seen,
    )


def _extras(unmet: Unmet) -> list[str]:
    return [group.removeprefix("extra:") for group in unmet.groups if group.startswith("extra:")]


def _unlocked(given: Given, chosen: Installer) -> Iterator[Ambiguity]:
    """Of what the manifest asks for, what the lock does not pin: the lock is older than the manifest."""
    pinned = {fact.name: fact.version for fact in given.project.all(Locked) if fact.seen.path == chosen.lock}
    if not pinned:
        return
    for wanted in given.project.all(Requirement):
        if wanted.seen.path != chosen.manifest or wanted.group or wanted.marker:
            continue
        if because := _disagrees(wanted, pinned.get(wanted.name)):
            because = f"{chosen.lock} {because}: the build refuses such a lock, or installs what is not meant"
            way = {"uv": "uv lock", "poetry": "poetry lock", "pdm": "pdm lock", "pipenv": "pipenv lock"}
            yield Ambiguity("lock", str(chosen.lock), (), because, way.get(chosen.tool, "lock it again"), wanted.seen)


def _disagrees(wanted: Requirement, pinned: str | None) -> str:
    """ "" where they agree, as far as plain releases tell."""
    if pinned is None:
        return f"pins no {wanted.name}, which the manifest asks for"
    if wanted.url or not _RELEASE.fullmatch(pinned) or versions.fits(wanted.specifier, pinned):
        return ""
    return f"pins {wanted.name} {pinned}, and the manifest asks for {wanted.specifier}"


def _inputs(given: Given, chosen: Installer) -> tuple[str, ...]:
    """Every file that the install reads: manifest, lock, and for pip the files that they include."""
    first = chosen.lock if chosen.listed else chosen.manifest
    files = dict.fromkeys(path for path in (first, chosen.lock, *chosen.inputs) if path)
    if chosen.tool == "pip":
        asked = [fact.seen.path for fact in given.project.all(Requirement) if given.installs(fact.group)]
        pinned = [fact.seen.path for fact in given.project.all(Locked)]
        files |= dict.fromkeys(path for path in asked + pinned if path.endswith((".txt", ".in")))
    return tuple(files)


def _files(given: Given, chosen: Installer) -> tuple[str, ...]:
    """The main requirements file, and those of the groups that are installed here."""
    if chosen.tool != "pip" or chosen.listed:
        return ()
    asked = (fact for fact in given.project.all(Requirement) if fact.group and given.installs(fact.group))
    more = (fact.seen.path for fact in asked if fact.seen.path.endswith(".txt"))
    return tuple(dict.fromkeys((chosen.lock or chosen.manifest, *more)))


def _listed(given: Given, chosen: Installer) -> Iterator[str]:
    """Requirements of a manifest that uv does not read; and of groups of one without a lock, of which it reads none."""
    if chosen.lock or chosen.tool == "uv":
        return
    for wanted in given.project.all(Requirement):
        mine = chosen.listed or wanted.group
        if mine and wanted.seen.path == chosen.manifest and given.installs(wanted.group) and not _path(wanted):
            yield _text(wanted)


def _path(wanted: Requirement) -> bool:
    return bool(wanted.url) and "://" not in wanted.url


def _text(wanted: Requirement) -> str:
    """As the standard writes it (PEP 508)."""
    extras = f"[{','.join(wanted.extras)}]" if wanted.extras else ""
    specifier = f" @ {wanted.url}" if wanted.url else wanted.specifier
    return f"{wanted.name}{extras}{specifier}" + (f" ; {wanted.marker}" if wanted.marker else "")

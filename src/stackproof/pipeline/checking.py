"""`check`: container files of a folder, whoever wrote them, into findings; edits of the safe ones onto disk."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from stackproof.adopt.compose import load as load_composition
from stackproof.adopt.dockerfile import load as load_dockerfile
from stackproof.check import baseline, check, container_files, hadolint
from stackproof.check.edits import edited
from stackproof.check.manifests import manifests
from stackproof.check.nginx import configurations
from stackproof.detect import (
    celery_options,
    celery_routing,
    installer,
    locked,
    pools,
    requirements,
    variables,
    websockets,
)
from stackproof.errors import UserError
from stackproof.model.artifacts import Artifact
from stackproof.model.composition import Composition
from stackproof.model.dockerfile import Dockerfile
from stackproof.model.facts import Project
from stackproof.model.findings import Checked, Finding, Inspected, Profile, Sighting, Wanted
from stackproof.model.settings import CheckSettings
from stackproof.model.source import Place, SourceTree
from stackproof.plan.settings import settings as read_settings
from stackproof.tools import disk
from stackproof.tools import hadolint as linter
from stackproof.write import edited as writing
from stackproof.write import files

# The facts that rules ask for; to look for all the others would take longer than all rules together.
_DETECTORS = (
    installer.detect, requirements.detect, locked.detect, celery_routing.detect, celery_options.detect, pools.detect,
    variables.detect, websockets.detect,
)  # fmt: skip
_PLACE = re.compile(r"(?P<path>[^:\n]+):(?P<line>\d+):? (?P<words>.*)", re.DOTALL)


@dataclass(frozen=True)
class Asked:
    """The command line: `files` are Compose files to look at together, all that are found where there are none."""

    files: tuple[str, ...] = ()
    profile: Profile | None = None
    rules: tuple[str, ...] = ()
    baseline: str | None = None
    hadolint: bool = True


def checked(root: Path, asked: Asked) -> Checked:
    """Read, load and look at everything. Raises UserError for settings, rules and baselines that cannot be read."""
    found = _checked(root, asked)
    path = root / (asked.baseline or baseline.FILE)
    if asked.baseline and not path.is_file():
        raise UserError(f"{asked.baseline}: no such baseline", fix="Write it: stackproof check --write-baseline")
    if not path.is_file():
        return found
    return baseline.against(found, baseline.load(path.read_bytes(), asked.baseline or baseline.FILE))


def write_baseline(root: Path, asked: Asked) -> tuple[str, int]:
    """Everything that is found now: the file's name, and how many findings it holds."""
    found = _checked(root, asked)
    name = asked.baseline or baseline.FILE
    files.replace(root, [Artifact(name, baseline.dump(found))])
    return name, len(found.findings)


def known(tree: SourceTree) -> Project:
    """What the rules ask about the source."""
    facts = dict.fromkeys(fact for detector in _DETECTORS for fact in detector(tree))
    return Project(tree.name, tuple(facts), tree.origin)


def edits(found: Checked) -> tuple[tuple[Finding, ...], tuple[Artifact, ...]]:
    return edited(found.findings, found.tree)


def difference(found: Checked, artifacts: Iterable[Artifact]) -> str:
    """Of all files, as `diff -u` shows it."""
    return "\n".join(line for artifact in artifacts for line in _difference(found.tree, artifact))


def mend(root: Path, artifacts: tuple[Artifact, ...]) -> tuple[str, ...]:
    """Write the edited files; names of the copies of what they were."""
    return writing.put(root, artifacts)


def _checked(root: Path, asked: Asked) -> Checked:
    tree = disk.read(root, uncommitted=True)
    for path in asked.files:
        if path not in tree.files:
            raise UserError(f"{path}: no such file in {root}", fix="Name a Compose file by its path in the project.")
    said = read_settings(tree).check
    inspected = _inspected(tree, said.leave_out, asked)
    wanted = Wanted(asked.profile or said.profile, asked.rules, said.ignore, said.severity)
    found = check(inspected, wanted, _looked_at(inspected, said), _linted(root, inspected, asked))
    kept = tuple(each for each in found.findings if not container_files.is_left_out(each.at.path, said.leave_out))
    return replace(found, findings=kept)


def _inspected(tree: SourceTree, leave_out: tuple[str, ...], asked: Asked) -> Inspected:
    together = (asked.files,) if asked.files else container_files.compositions(tree, leave_out)
    unreadable: list[Sighting] = []
    dockerfiles = tuple(_dockerfiles(tree, leave_out, unreadable))
    compositions = tuple(_compositions(tree, together, unreadable))
    return Inspected(tree, known(tree), dockerfiles, compositions, tuple(dict.fromkeys(unreadable)))


def _dockerfiles(tree: SourceTree, leave_out: tuple[str, ...], unreadable: list[Sighting]) -> Iterator[Dockerfile]:
    for path in container_files.dockerfiles(tree, leave_out):
        try:
            yield load_dockerfile(tree.files[path], path, {})
        except UserError as problem:
            unreadable.append(_sighting(problem, path))


def _compositions(
    tree: SourceTree, together: Iterable[tuple[str, ...]], unreadable: list[Sighting]
) -> Iterator[Composition]:
    for paths in together:
        try:
            yield load_composition(tree, paths, {})
        except UserError as problem:
            unreadable.append(_sighting(problem, paths[-1]))


def _sighting(problem: UserError, path: str) -> Sighting:
    """The loader's own words, at the place that it names, and what it says to do."""
    found = _PLACE.fullmatch(str(problem))
    place = Place(found["path"], int(found["line"])) if found else Place(path)
    words = found["words"] if found else str(problem).removeprefix(f"{path}: ")
    return Sighting(place, " ".join(f"{words.rstrip('. ')}: {problem.fix}".split()).rstrip("."))


def _looked_at(inspected: Inspected, said: CheckSettings) -> tuple[str, ...]:
    own = [each.at.path for each in inspected.unreadable]
    own += [*inspected.by_path, *(path for each in inspected.compositions for path in each.files)]
    own += [each.name for each in configurations(inspected.tree)]
    own += [each.path for each in manifests(inspected.tree)]
    return tuple(sorted({path for path in own if not container_files.is_left_out(path, said.leave_out)}))


def _linted(root: Path, inspected: Inspected, asked: Asked) -> tuple[Finding, ...]:
    paths = tuple(path for path in inspected.by_path if (root / path).is_file())
    output = linter.found(root, paths) if asked.hadolint and not asked.rules else None
    return tuple(hadolint.findings(output)) if output else ()


def _difference(tree: SourceTree, artifact: Artifact) -> Iterator[str]:
    before = tree.files[artifact.path].decode("utf-8", "replace").splitlines()
    yield from difflib.unified_diff(before, artifact.text.splitlines(), artifact.path, artifact.path, lineterm="")

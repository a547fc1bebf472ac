"""Files given as texts, looked at as `stackproof check` looks at a folder."""

from collections.abc import Mapping

from stackproof.adopt.compose import load as load_composition
from stackproof.adopt.dockerfile import load as load_dockerfile
from stackproof.check import check, container_files
from stackproof.detect import detect
from stackproof.errors import UserError
from stackproof.model.findings import Checked, Finding, Inspected, Sighting, Wanted
from stackproof.model.source import Place, SourceTree


def inspected(files: Mapping[str, str], origin: str = "git: in a test") -> Inspected:
    tree = SourceTree({path: text.encode() for path, text in files.items()}, origin=origin)
    dockerfiles, unreadable = [], []
    for path in container_files.dockerfiles(tree, ()):
        try:
            dockerfiles.append(load_dockerfile(tree.files[path], path, {}))
        except UserError as problem:
            unreadable.append(Sighting(Place(path, 1), str(problem)))
    compositions = tuple(load_composition(tree, paths, {}) for paths in container_files.compositions(tree, ()))
    return Inspected(tree, detect(tree), tuple(dockerfiles), compositions, tuple(unreadable))


def looked(files: Mapping[str, str], wanted: Wanted | None = None) -> Checked:
    """Under the profile "strict", where nothing else is wanted."""
    return check(inspected(files), wanted or Wanted("strict"), tuple(files))


def seen(files: Mapping[str, str], rule: str) -> list[Finding]:
    """What one rule, named by its number, finds."""
    return [each for each in looked(files).findings if each.rule.startswith(rule)]

"""Files that cannot be read as what they are, that are missing, or that no tool reads under their misspelt names."""

from collections.abc import Iterator

from stackproof.detect import env_templates, locked, manifest, pipfile, reading, requirements_txt, territory
from stackproof.model.facts import Fact, Unreadable
from stackproof.model.source import Place, SourceTree

_TEXTS = (".python-version", "runtime.txt", "Procfile")
_MISSPELT = {
    ".python_version": ".python-version", ".pythonversion": ".python-version", "python-version": ".python-version",
    ".python-version.txt": ".python-version", "runtimes.txt": "runtime.txt", "requirement.txt": "requirements.txt",
    "requirments.txt": "requirements.txt", "requirements.text": "requirements.txt", "requirements": "requirements.txt",
    "pyproject.tml": "pyproject.toml", "py-project.toml": "pyproject.toml", "pyproject": "pyproject.toml",
    "poetry.loc": "poetry.lock", "uv.loc": "uv.lock",
}  # fmt: skip


def detect(tree: SourceTree) -> Iterator[Fact]:
    home = manifest.home(tree)
    for path in territory.candidates(tree):
        if isinstance(unparsed := reading.module(tree, path), Unreadable):
            yield unparsed
    if isinstance(broken := reading.toml(tree, f"{home}pyproject.toml"), Unreadable):
        yield broken
    yield from (problem for name in locked.FILES if (problem := locked.problem(tree, home + name)))
    for path in (pipfile.path(tree), pipfile.lock(tree)):
        read = reading.json if path.endswith(".lock") else reading.toml
        if isinstance(wrong := read(tree, path), Unreadable):
            yield wrong
    texts = [*(home + name for name in _TEXTS), *(path for path, _ in requirements_txt.files(tree))]
    for path in (*texts, *env_templates.templates(tree)):
        if isinstance(unread := reading.text(tree, path), Unreadable):
            yield unread
    yield from _missing(tree)
    yield from _misspelt(tree, home)


def _missing(tree: SourceTree) -> Iterator[Fact]:
    for path, _ in requirements_txt.files(tree):
        for target, seen in requirements_txt.includes(tree, path):
            if target not in tree:
                yield Unreadable(f"{target} is asked for here and is not there", seen)
        for line in requirements_txt.strange(tree, path):
            yield Unreadable(f"not a requirement: {line.text.strip()[:40]!r}", line.place)


def _misspelt(tree: SourceTree, home: str) -> Iterator[Fact]:
    for wrong, right in _MISSPELT.items():
        if home + wrong in tree and home + right not in tree:
            yield Unreadable(f"no tool reads a file of this name; is {right} meant?", Place(home + wrong))

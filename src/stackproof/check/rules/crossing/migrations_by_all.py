"""SR320: several containers bring the schema up to date as they start, all at the same time."""

import re
from collections.abc import Iterator
from posixpath import basename

from stackproof.check.services import Service, services
from stackproof.model.findings import Inspected, Rule, Sighting
from stackproof.model.source import SourceTree

_MIGRATES = re.compile(r"\b(alembic\s+upgrade|manage\.py\s+migrate|flask\s+db\s+upgrade|aerich\s+upgrade)\b")
_SERVES = re.compile(r"\b(gunicorn|uvicorn|hypercorn|daphne|granian|celery|runserver|exec\s+\"?\$@?)")


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for composition in inspected.compositions:
        own = [each for each in services(inspected) if each.composition is composition]
        migrating = [(each, done) for each in own if (done := _migration(each, inspected.tree))]
        if sum(each.replicas for each, _ in migrating) > 1:
            service, done = migrating[0]
            count = ", ".join(f"{each.name} ({each.replicas})" for each, _ in migrating)
            yield Sighting(service.at("command"), f"`{done}` runs as each container starts, at the same time: {count}")


def _migration(service: Service, tree: SourceTree) -> str:
    """In its command or in a script of the project that it starts; a job that only migrates is what is wanted."""
    words = " ".join(service.words)
    scripts = (path for word in service.words if word.endswith(".sh") for path in _scripts(tree, service, word))
    for said in (words, *(tree.files[path].decode("utf-8", "replace") for path in scripts)):
        if (found := _MIGRATES.search(said)) and _SERVES.search(said):
            return " ".join(found[1].split())
    return ""


def _scripts(tree: SourceTree, service: Service, word: str) -> list[str]:
    if service.context is None:
        return []
    prefix = f"{service.context}/" if service.context else ""
    return [each for each in tree.files if each.startswith(prefix) and basename(each) == basename(word)][:1]


RULE = Rule(
    "SR320-migrations-by-all",
    says="One container brings the schema up to date, before the others start.",
    fix="Migrate in a service of its own that runs once; let the others wait for it:"
    " `condition: service_completed_successfully`.",
    severity="warning",
    profile="recommended",
    check=_check,
)

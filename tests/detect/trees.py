"""Small trees in memory, and what detection finds in them."""

from typing import TypeVar

from stackproof import detect
from stackproof.model.facts import Fact, Project
from stackproof.model.source import SourceTree

F = TypeVar("F", bound=Fact)

Files = dict[str, str]


def tree(files: Files) -> SourceTree:
    return SourceTree({path: text.encode() for path, text in files.items()})


def project(files: Files) -> Project:
    return detect.detect(tree(files))


def facts(kind: type[F], files: Files) -> tuple[F, ...]:
    return project(files).all(kind)


def places(kind: type[F], files: Files) -> list[str]:
    return [str(fact.seen) for fact in facts(kind, files)]

"""Django's settings modules: those that the code names, and what lies beside them for other environments."""

from collections.abc import Iterator

from stackproof.detect import code, environment_reads
from stackproof.model.facts import DJANGO_SETTINGS, DjangoSettings, Fact
from stackproof.model.source import Place, SourceTree

_WORDS = frozenset(
    ("local", "dev", "develop", "development", "stage", "staging", "prod", "production", "base", "common")
)


def detect(tree: SourceTree) -> Iterator[Fact]:
    known = code.read(tree)
    named = {
        (read.default.text, read.module.path): read.module.place(read.node)
        for read in environment_reads.reads(known)
        if read.name == DJANGO_SETTINGS and read.default and read.default.text
    }
    yield from (DjangoSettings(text, path, seen) for (text, path), seen in named.items())
    packages = {text.rpartition(".")[0] for text, _ in named} - {""}
    for module in known:
        package, _, word = module.name.rpartition(".")
        if package in packages and word in _WORDS and module.name not in {text for text, _ in named}:
            yield DjangoSettings(module.name, "", Place(module.path))

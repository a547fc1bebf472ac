"""SR313: the whole context is copied, and .dockerignore lets .env through: secrets get into the image."""

from collections.abc import Iterator

from stackproof.check.builds import builds, copied
from stackproof.check.ignore_files import of_build
from stackproof.model.findings import Inspected, Rule, Sighting

_NAMES = (".env", ".env.local", ".env.prod", ".env.production")


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for build in builds(inspected):
        ignores = [of_build(inspected.tree, context, build.dockerfile.path) for context in build.contexts]
        ignore = next((each for each in ignores if each), None)
        whole = next((each for each in copied(build.dockerfile) if each.is_all), None)
        through = [name for name in _NAMES if ignore and not ignore.leaves_out(name)]
        if whole and ignore and ".env" in through and _is_used(inspected):
            yield Sighting(whole.instruction.seen, f"{ignore.path} lets {', '.join(through)} into the image")


def _is_used(inspected: Inspected) -> bool:
    """Something in the project reads, names or ignores such a file."""
    ignored = inspected.tree.files.get(".gitignore", b"") + inspected.tree.files.get(".env.example", b"")
    return b".env" in ignored or any(name in inspected.tree for name in (*_NAMES, ".env.example", ".env.sample"))


RULE = Rule(
    "SR313-secret-file-copied",
    says="A .env file does not get into an image.",
    fix="Add `.env*` to that .dockerignore.",
    severity="error",
    profile="recommended",
    check=_check,
)

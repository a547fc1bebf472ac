"""SR310: the whole context is copied, and there is no .dockerignore: .git, secrets and caches go into the image."""

from collections.abc import Iterator

from stackproof.check.builds import builds, copied
from stackproof.check.ignore_files import of_build
from stackproof.model.findings import Inspected, Rule, Sighting


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for build in builds(inspected):
        has = any(of_build(inspected.tree, context, build.dockerfile.path) for context in build.contexts)
        whole = next((each for each in copied(build.dockerfile) if each.is_all), None)
        if whole and not has:
            yield Sighting(
                whole.instruction.seen, "the whole context is copied, and no .dockerignore leaves anything out"
            )


RULE = Rule(
    "SR310-ignore-file-missing",
    says="A Dockerfile that copies the whole context has a .dockerignore.",
    fix="Write a .dockerignore: at least .git, .env*, virtual environments and caches; or copy only what is needed.",
    severity="warning",
    profile="recommended",
    check=_check,
)

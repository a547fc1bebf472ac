"""SR309: a .dockerignore beside a Dockerfile whose build context is another folder: no builder reads it."""

from collections.abc import Iterator
from posixpath import dirname

from stackproof.check.builds import builds
from stackproof.model.findings import Inspected, Rule, Sighting
from stackproof.model.source import Place


def _check(inspected: Inspected) -> Iterator[Sighting]:
    read = {context for build in builds(inspected) for context in build.contexts}
    for build in builds(inspected):
        here = dirname(build.dockerfile.path)
        path = f"{here}/.dockerignore" if here else ".dockerignore"
        if build.is_said and here not in read and path in inspected.tree:
            yield Sighting(
                Place(path, 1),
                f"{build.dockerfile.path} is built from {build.contexts[0] or 'the top of the project'},"
                " so its builder reads the .dockerignore there",
            )


RULE = Rule(
    "SR309-ignore-file-unread",
    says="A .dockerignore lies where a builder reads it.",
    fix="Move it to the top of the build context, or name it <Dockerfile>.dockerignore.",
    severity="warning",
    profile="recommended",
    check=_check,
)

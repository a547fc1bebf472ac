"""SR321: what only developers need is installed into the image that is deployed."""

import re
from collections.abc import Iterator

from stackproof.check.images import Configured, configured
from stackproof.model.dockerfile import Dockerfile, Instruction, Stage
from stackproof.model.facts import Installer
from stackproof.model.findings import Inspected, Rule, Sighting

_FOR_WORK = re.compile(r"(?:^|[._-])(?:dev|test|local|ci|debug)")
_NAMED = re.compile(
    r"\b(?:pip3?|uv pip)\s+install\b[^&;|]*-r\s*\S*(?:dev|test|lint)\S*\.(?:txt|in)|--with[= ]dev|--all-groups"
)
_UV = re.compile(r"\buv\s+sync\b(?![^&;|]*(?:--no-dev|--no-group|--only-group|--no-default-groups))")
_POETRY = re.compile(r"\bpoetry\s+install\b(?![^&;|]*(?:--only|--without|--no-dev))")


def _check(inspected: Inspected) -> Iterator[Sighting]:
    installer = inspected.project.first(Installer)
    groups = frozenset(installer.groups) if installer else frozenset[str]()
    for dockerfile in inspected.dockerfiles:
        image = configured(dockerfile, "")
        if image is None or _FOR_WORK.search(dockerfile.path.rpartition("/")[2].lower()):
            continue
        for each in _installing(dockerfile, image):
            if done := _done(each.words, groups, image):
                yield Sighting(each.seen, f"`{done}` installs what only developers need")


def _installing(dockerfile: Dockerfile, image: Configured) -> Iterator[Instruction]:
    """RUN of the final stage, and of the stages that it copies from."""
    wanted = list(image.chain)
    for stage in wanted:
        for each in stage.instructions:
            source = dict(each.flags).get("from", "") if each.keyword == "COPY" else ""
            found = dockerfile.stage(source) if source else None
            for more in _with_bases(dockerfile, found):
                if more not in wanted:
                    wanted.append(more)
    chosen = [stage for stage in wanted if not _FOR_WORK.search(stage.name or "")]
    return (each for stage in chosen for each in stage.instructions if each.keyword == "RUN")


def _with_bases(dockerfile: Dockerfile, stage: Stage | None) -> tuple[Stage, ...]:
    image = configured(dockerfile, str(stage.index)) if stage else None
    return image.chain if image else ()


def _done(words: str, groups: frozenset[str], image: Configured) -> str:
    """Without a development group there is nothing to install."""
    found = _NAMED.search(words)
    if not found and "dev" in groups and "UV_NO_DEV" not in image.environment:
        found = _UV.search(words) or _POETRY.search(words)
    return " ".join(found[0].split()) if found else ""


RULE = Rule(
    "SR321-dev-dependencies",
    says="Development dependencies are not in the image that is deployed.",
    fix="Leave them out: `uv sync --no-dev`, `poetry install --only main`, the requirements without -dev;"
    " or install them in a stage of its own.",
    severity="warning",
    profile="recommended",
    check=_check,
)

"""Which groups of dependencies are installed everywhere, and which for development alone."""

import re
from dataclasses import replace

from stackproof.detect import manifest, requirements
from stackproof.model.facts import Installer
from stackproof.model.source import SourceTree

_DEVELOPMENT = re.compile(
    r"(?:^|[-_.])(?:dev\w*|tests?|testing|lint\w*|docs?|typing|types|mypy|format|qa|ci|debug|bench\w*|notebooks?|release"
    r"|tools?)"
    r"(?:$|[-_.])"
)
_PRODUCTION = re.compile(r"(?:prod|production|deploy|deployment|server|runtime)$")


def added(tree: SourceTree, found: Installer) -> Installer:
    """Poetry installs each group that is not optional, so only names for development count. uv installs its default
    groups; a category of Pipenv and a group of PDM count where they are named for production, further requirements
    files never: the best of them is the main one already."""
    path = manifest.pyproject(tree)
    groups = dict.fromkeys(item.group for item in requirements.asked(tree) if _is_group(item.group))
    if found.tool == "poetry":
        stated = manifest.table(tree, path, "tool.poetry.group")
        optional = {name for name, body in stated.items() if isinstance(body, dict) and body.get("optional") is True}
        left_out = tuple(name for name in groups if name in optional or _DEVELOPMENT.search(name))
    else:
        default = manifest.strings(manifest.table(tree, path, "tool.uv").get("default-groups"))
        kept = {name for name in groups if found.tool != "pip" and _PRODUCTION.match(name)}
        kept |= set(default) if found.tool == "uv" else set()
        left_out = tuple(name for name in groups if name not in kept or _DEVELOPMENT.search(name))
    return replace(found, groups=left_out, kept=tuple(name for name in groups if name not in left_out))


def _is_group(name: str) -> bool:
    return bool(name) and not name.startswith("extra")

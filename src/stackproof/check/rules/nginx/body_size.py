"""SR503: the code takes uploads, and nginx refuses what is larger than 1 MB."""

import re
from collections.abc import Iterator

from stackproof.check.nginx import configurations
from stackproof.check.proxying import proxying
from stackproof.model.findings import Inspected, Rule, Sighting
from stackproof.model.source import SourceTree

_UPLOADS = re.compile(rb"\bUploadFile\b|\brequest\.files\b|\brequest\.FILES\b|\bFileField\(|\bImageField\(")


def _check(inspected: Inspected) -> Iterator[Sighting]:
    said = any(any(each.all("client_max_body_size")) for each in configurations(inspected.tree))
    passing = next(proxying(inspected), None)
    if passing and not said and (path := _takes_uploads(inspected.tree)):
        yield Sighting(passing.passing.seen, f"{path} takes uploads, and without client_max_body_size 1 MB is the most")


def _takes_uploads(tree: SourceTree) -> str:
    own = (path for path in tree.python() if "test" not in path)
    return next((path for path in own if _UPLOADS.search(tree.files[path])), "")


RULE = Rule(
    "SR503-body-size",
    says="nginx lets uploads through.",
    fix="Set client_max_body_size to what the application accepts.",
    severity="warning",
    profile="recommended",
    check=_check,
)

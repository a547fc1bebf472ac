"""SR312: a file with secrets is in the repository, or would be with the next `git add`."""

import re
from collections.abc import Iterator
from posixpath import basename

from stackproof.model.findings import Inspected, Rule, Sighting
from stackproof.model.source import Place, SourceTree

_ENV = re.compile(r"\.env(?:\.[\w-]+)?|[\w-]+\.env")
_SAMPLE = re.compile(r"example|sample|template|dist|defaults?|test|ci\b|schema|vault")
_SECRET = re.compile(
    r"\s*(?:export\s+)?(\w*(?:PASSWORD|PASSWD|SECRET|TOKEN|API_KEY|PRIVATE_KEY)\w*)\s*=\s*(\S.*)", re.I
)
_EMPTY = re.compile(
    r"[\"']?(?:[\"']|#.*|\$.*|<.*>|x{3,}.*|\.{3}|(?:your|my)[-_ ].*|change.*|replace.*|dummy.*|example.*|todo.*"
    r"|none|null|/run/secrets/.*|/.*|\d+|true|false)[\"']?\s*$",
    re.IGNORECASE,
)
_KEYS = re.compile(r"id_(?:rsa|dsa|ecdsa|ed25519)|.*service[-_]account.*\.json")


def _check(inspected: Inspected) -> Iterator[Sighting]:
    tree = inspected.tree
    if not tree.origin.startswith("git"):
        return  # nobody says which of the files are to be shared
    for path in tree.paths:
        name = basename(path).lower()
        if any(part in ("test", "tests", "fixtures", "testdata") for part in path.split("/")):
            continue
        if _KEYS.fullmatch(name):
            yield Sighting(Place(path), f"git does not ignore {path}, which is a key by its name")
        elif _ENV.fullmatch(name) and not _SAMPLE.search(name) and (found := _first(tree, path)):
            number, variable = found
            yield Sighting(Place(path, number), f"git does not ignore {path}, and it holds a value for {variable}")


def _first(tree: SourceTree, path: str) -> tuple[int, str] | None:
    lines = tree.files.get(path, b"").decode("utf-8", "replace").splitlines()
    for number, line in enumerate(lines, 1):
        if (found := _SECRET.match(line)) and not _EMPTY.match(found[2]):
            return number, found[1]
    return None


RULE = Rule(
    "SR312-secret-file-tracked",
    says="No file with secrets is in the repository.",
    fix="`git rm --cached` it, add it to .gitignore, and replace the secret: whoever has a clone has it.",
    severity="error",
    profile="recommended",
    check=_check,
)

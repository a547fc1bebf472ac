"""SR148: a virtual environment is copied between equal bases."""

import re
from collections.abc import Iterator

from stackproof.check.rules.dockerfile.looking import bases, instructions, over, sighting
from stackproof.model import base_images, words
from stackproof.model.dockerfile import Dockerfile
from stackproof.model.findings import Rule, Sighting

_MINOR = re.compile(r"3\.\d+")
_ENVIRONMENT = re.compile(r"(?:^|/)\.?venv|/virtualenv|site-packages|/\.local$|^/install$|^/usr/local/lib/python")


def _look(file: Dockerfile) -> Iterator[Sighting]:
    for stage, said in instructions(file, "COPY"):
        copied = words.copied(said)
        source = file.stage(copied.from_) if copied.from_ else None
        if source is None or not any(_ENVIRONMENT.search(each) for each in copied.sources):
            continue
        there, here = bases(file)[source.index], bases(file)[stage.index]
        if reason := _differ(base_images.reference(there), base_images.reference(here)):
            yield sighting(said, f"made on {there} and run on {here}: {reason}")


def _differ(there: base_images.Reference, here: base_images.Reference) -> str:
    if there.official != "python" or here.official != "python" or not there.tag or not here.tag:
        return ""
    if ("alpine" in there.tag) != ("alpine" in here.tag):
        return "compiled modules need the other C library"
    versions = _MINOR.match(there.tag), _MINOR.match(here.tag)
    if versions[0] and versions[1] and versions[0][0] != versions[1][0]:
        return "packages lie in the folder of the other Python"
    return ""


RULE = Rule(
    id="SR148-virtualenv-of-another-base",
    says="A virtual environment is copied between equal bases.",
    fix="Build it on the base on which it runs.",
    severity="error",
    profile="recommended",
    check=over(_look),
)

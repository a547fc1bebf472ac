"""SR116: the cache of pip is not in the image."""

from collections.abc import Iterator

from stackproof.check.rules.dockerfile import packages
from stackproof.check.rules.dockerfile.looking import Run, final, final_runs, over, sighting
from stackproof.model import words
from stackproof.model.dockerfile import Dockerfile
from stackproof.model.findings import Rule, Sighting
from stackproof.model.shell import Simple, script


def _look(file: Dockerfile) -> Iterator[Sighting]:
    if "PIP_NO_CACHE_DIR" in final(file).env:
        return
    for run in final_runs(file):
        if any(_keeps(each) for each in run.commands) and not _spared(run):
            yield sighting(run.said, "what pip downloads stays in the layer")


def _keeps(command: Simple) -> bool:
    arguments = packages.pip(command)
    return arguments is not None and "uv" not in command.bare[:1] and "--no-cache-dir" not in command.arguments


def _spared(run: Run) -> bool:
    mounted = any("cache" in each.target or "pip" in each.target for each in words.mounts(run.said))
    return mounted or "PIP_NO_CACHE_DIR" in script(run.said)


RULE = Rule(
    id="SR116-pip-cache",
    says="The cache of pip is not in the image.",
    fix="Add `--no-cache-dir`, or a cache mount at /root/.cache.",
    severity="info",
    profile="recommended",
    check=over(_look),
)

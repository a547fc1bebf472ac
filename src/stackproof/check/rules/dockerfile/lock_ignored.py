"""SR147: Node packages are installed exactly as locked."""

from collections.abc import Iterator

from stackproof.check.rules.dockerfile.looking import over, runs, sighting
from stackproof.model.dockerfile import Dockerfile
from stackproof.model.findings import Rule, Sighting
from stackproof.model.shell import Simple

_FROZEN = frozenset({"--frozen-lockfile", "--immutable"})


def _look(file: Dockerfile) -> Iterator[Sighting]:
    for run in runs(file):
        locked = any(each.program == "npm" and "ci" in each.arguments for each in run.commands)
        loose = [] if locked else [each for each in run.commands if _loose(each)]
        for command in loose:
            said = " ".join((command.program, *command.arguments[:1]))
            yield sighting(run.said, f"`{said}` may change what the lock says")


def _loose(command: Simple) -> bool:
    verbs = [each for each in command.arguments if not each.startswith("-")]
    if {"-g", "--global"} & set(command.arguments):
        return False
    if command.program == "npm":
        return verbs in (["install"], ["i"])
    installs = verbs == ["install"] or (command.program == "yarn" and not verbs and not command.arguments)
    return command.program in ("yarn", "pnpm") and installs and not _FROZEN & set(command.arguments)


RULE = Rule(
    id="SR147-lock-ignored",
    says="Node packages are installed exactly as locked.",
    fix="Write `npm ci`, `yarn install --immutable` or `pnpm install --frozen-lockfile`.",
    severity="warning",
    profile="recommended",
    check=over(_look),
)

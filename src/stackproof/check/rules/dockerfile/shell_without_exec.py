"""SR106: a shell that prepares the start hands over with exec."""

from collections.abc import Iterator

from stackproof.check.rules.dockerfile.looking import final, over, sighting
from stackproof.model.dockerfile import Dockerfile
from stackproof.model.findings import Rule, Sighting
from stackproof.model.shell import commands, script

_SHELLS = frozenset({"sh", "bash", "ash", "dash"})


def _look(file: Dockerfile) -> Iterator[Sighting]:
    said = final(file).said
    for keyword in ("ENTRYPOINT", "CMD"):
        deciding = said.get(keyword)
        if deciding is None or len(deciding.exec or ()) != 3 or not _shell(deciding.exec or ()):
            continue
        listed = commands(script(deciding))
        alone = len(listed) == 1 and (deciding.exec or ("",))[0].endswith("bash")  # bash replaces itself
        if listed and not alone and listed[-1].words[0] != "exec":
            yield sighting(
                deciding, f"the shell of {keyword} stays process 1 and keeps SIGTERM from {listed[-1].program}"
            )


def _shell(words: tuple[str, ...]) -> bool:
    return words[0].rsplit("/", 1)[-1] in _SHELLS and words[1].startswith("-") and "c" in words[1]


RULE = Rule(
    id="SR106-shell-without-exec",
    says="A shell that prepares the start hands over with exec.",
    fix="Write `exec` before the last command of the line.",
    severity="warning",
    profile="recommended",
    check=over(_look),
)

"""SR104: the user of the image exists."""

from collections.abc import Iterator

from stackproof.check.rules.dockerfile.looking import final, final_instructions, final_runs, over, sighting
from stackproof.model import base_images
from stackproof.model.dockerfile import Dockerfile
from stackproof.model.findings import Rule, Sighting
from stackproof.model.shell import script

_BASES = frozenset({"debian", "ubuntu", "python", "node", "alpine"})
_ALWAYS = frozenset({"root", "daemon", "bin", "sys", "sync", "games", "man", "lp", "mail", "news", "uucp", "proxy"}) | {
    "www-data",
    "backup",
    "list",
    "irc",
    "nobody",
    "adm",
    "shutdown",
    "halt",
    "operator",
    "guest",
    "ftp",
    "at",
    "squid",
    "sshd",
    "postgres",
    "cron",
    "ntp",
    "_apt",
    "node",
    "ubuntu",
}


def _look(file: Dockerfile) -> Iterator[Sighting]:
    end = final(file)
    name = end.user.split(":")[0]
    if base_images.reference(end.base).official not in _BASES or "USER" not in end.said:
        return
    if name and not name.isdigit() and "$" not in name and name not in _ALWAYS and not _made(file, name):
        yield sighting(end.said["USER"], f"nothing creates the user {name}, and {end.base} has none")


def _made(file: Dockerfile, name: str) -> bool:
    """A RUN that speaks of the name or runs a script of the project, or a COPY that may bring /etc/passwd."""
    spoken = any(_speaks(script(run.said), name) for run in final_runs(file))
    return spoken or any(
        "passwd" in said.words or "etc" in said.words for said in final_instructions(file, "COPY", "ADD")
    )


def _speaks(text: str, name: str) -> bool:
    return name in text or ".sh" in text or ("$" in text and "add" in text)


RULE = Rule(
    id="SR104-unknown-user",
    says="The user of the image exists.",
    fix="Create the user in a RUN before, or give a number.",
    severity="error",
    profile="recommended",
    check=over(_look),
)

"""SR105: the command is in the exec form, so the process itself gets the stop signal."""

from collections.abc import Iterator

from stackproof.check.rules.dockerfile.looking import final, over, sighting
from stackproof.model.dockerfile import Dockerfile
from stackproof.model.findings import Rule, Sighting
from stackproof.model.shell import commands


def _look(file: Dockerfile) -> Iterator[Sighting]:
    said = final(file).said
    keyword = "ENTRYPOINT" if "ENTRYPOINT" in said else "CMD"
    deciding = said.get(keyword)
    if deciding is None or deciding.exec is not None or not deciding.words:
        return
    last = commands(deciding.words)[-1:]
    if last and "exec" not in last[0].words[:1]:
        yield sighting(deciding, f"{keyword} is a line for the shell, which may keep SIGTERM to itself")


RULE = Rule(
    id="SR105-shell-form",
    says="The command is in the exec form, so the process itself gets the stop signal.",
    fix='Write it as an array: `CMD ["gunicorn", "shop:app"]`.',
    severity="warning",
    profile="recommended",
    check=over(_look),
)

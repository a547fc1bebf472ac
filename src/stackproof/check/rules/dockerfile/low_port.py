"""SR137: a user other than root listens on a port of 1024 or above."""

from collections.abc import Iterator

from stackproof.check.rules.dockerfile.looking import final, final_instructions, over, sighting
from stackproof.model.dockerfile import Dockerfile
from stackproof.model.findings import Rule, Sighting


def _look(file: Dockerfile) -> Iterator[Sighting]:
    end = final(file)
    if end.user.split(":")[0] in ("", "root", "0"):
        return
    for said in final_instructions(file, "EXPOSE"):
        for port in said.words.split():
            number = port.split("/")[0]
            if number.isdigit() and 0 < int(number[:9]) < 1024:
                yield sighting(said, f"user {end.user} may not listen on {port} everywhere")


RULE = Rule(
    id="SR137-low-port",
    says="A user other than root listens on a port of 1024 or above.",
    fix="Let the process listen on 8080.",
    severity="info",
    profile="strict",
    check=over(_look),
)

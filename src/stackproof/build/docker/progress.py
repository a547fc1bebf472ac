"""BuildKit's plain output, line by line, into the step that is running and the words for a failure."""

import re
from dataclasses import dataclass, field

_LINE = re.compile(r"#(?P<number>\d+) (?P<text>.*)")
_ENDS = re.compile(r"(CACHED|CANCELED|DONE \d+(\.\d+)?s|ERROR:? .*)$")
_OUTPUT = re.compile(r"\d+\.\d+ ")
_NO_BASE = re.compile(r"failed to resolve source metadata for (\S+)|([\w./-]+:[\w.-]+): not found|pull access denied")
_NO_ENGINE = re.compile(r"Cannot connect to the Docker daemon|error during connect|no such host: docker", re.IGNORECASE)
_LAST = 20  # lines of a failed step


@dataclass
class Steps:
    """What has been read so far: step names by number, the one that failed."""

    names: dict[str, str] = field(default_factory=dict)
    failed: str = ""  # the name of the step that ended with an error
    current: str = ""

    def read(self, line: str) -> str | None:
        """The name of the step that this line begins, or whose output it is; None for the rest."""
        if not (found := _LINE.match(line.rstrip("\r"))):
            return None
        number, text = found["number"], found["text"]
        if ended := _ENDS.match(text):
            if ended[1].startswith("ERROR"):
                self.failed = self.names.get(number, "")
            return None
        if number not in self.names:
            self.names[number] = self.current = text
            return text
        return self.names[number] if _OUTPUT.match(text) else None


def missing_base(output: str) -> str | None:
    """The base image that could not be found, where that is what went wrong."""
    found = _NO_BASE.search(output)
    return next((name.rstrip(":") for name in found.groups() if name), "of the Dockerfile") if found else None


def no_engine(output: str) -> bool:
    return _NO_ENGINE.search(output) is not None


def last_words(output: str) -> str:
    """The end of the failed step's output, without the builder's own frame around it."""
    lines = [line.rstrip() for line in output.splitlines() if line.strip() and not line.startswith("------")]
    return "\n".join(lines[-_LAST:])

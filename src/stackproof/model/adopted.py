"""What a stack that somebody else wrote carries along: the files as they were read, and the copy that is run."""

import json
from dataclasses import dataclass

from stackproof.model.builds import GivenBuild


@dataclass(frozen=True)
class Adopted:
    """Both documents are JSON, which is YAML too.

    `document`: as the files say it, merged and filled in, its paths as seen from `deploy/` like in ours. `copy`: what
    the engine is given: the same with a name, volumes, networks and images of the copy's own, on ports that are free.
    """

    files: tuple[str, ...]  # Compose files, as they were named
    document: str
    copy: str
    builds: tuple[GivenBuild, ...] = ()
    hidden: tuple[str, ...] = ()  # texts that the files give to what is named like a secret: nothing may show them
    # Why nothing is known of the project's Python code beyond its container files; "": its facts are there.
    unplanned: str = ""

    def masked(self, text: str) -> str:
        """A report or a plan, as text or as JSON, without them."""
        for each in sorted(self.hidden, key=len, reverse=True):
            for said in dict.fromkeys((each, json.dumps(each)[1:-1])):
                text = text.replace(said, "***")
        return text

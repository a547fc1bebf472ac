"""Commands of a migration tool, run against another database of the same server."""

import os
import re
import subprocess
import time


def look(variables: list[str], database: str, instead: str, commands: list[list[str]]) -> dict[str, object]:
    """`variables` hold the database's name, in a URL or alone. Ends at the first command that fails."""
    environment = {**os.environ, **{name: _told(os.environ.get(name, ""), database, instead) for name in variables}}
    ran: list[dict[str, object]] = []
    for words in commands:
        begun = time.monotonic()
        done = subprocess.run(words, env=environment, capture_output=True, text=True, timeout=90, check=False)
        said = (done.stdout + done.stderr).strip()[-600:]
        ran.append(
            {"command": " ".join(words), "code": done.returncode, "said": said, "seconds": time.monotonic() - begun}
        )
        if done.returncode:
            break
    return {"ran": ran}


def _told(value: str, database: str, instead: str) -> str:
    if value == database:
        return instead
    return re.sub(rf"(://[^/]*/){re.escape(database)}(?=$|[?#])", lambda found: found[1] + instead, value)

"""The Dockerfile of every installer and every kind of front end, each in a folder of its own, for linters to read."""

import sys
from pathlib import Path

from tests.render import test_dockerfile, test_install, test_node


def write(folder: Path) -> None:
    python = {kind: test_dockerfile.text(*facts) for kind, facts in test_dockerfile.KINDS.items()}
    installers = {kind: test_install.text(*facts) for kind, facts in test_install.KINDS.items()}
    node = {kind: test_node.text(app) for kind, app in test_node.KINDS.items()}
    for kind, text in (python | installers | node).items():
        place = folder / kind.replace(" ", "-")
        place.mkdir(parents=True)
        (place / "Dockerfile").write_text(text)


if __name__ == "__main__":
    write(Path(sys.argv[1]))

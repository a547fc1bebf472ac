"""What breaks the promises about what images are made of, and about secrets in the open, one at a time."""

import json
from dataclasses import replace
from pathlib import Path

from stackproof.model.stack import Service
from tests.saboteurs import Saboteur
from tests.saboteurs.edits import DOCKER, appended, service
from tests.saboteurs.images import at_the_end, python

ADVISORIES = "advisories"  # a folder beside the source, in no commit

_SITE = "import pathlib, sysconfig; site = pathlib.Path(sysconfig.get_path('purelib')); "
_PACKAGE = (
    "own = site / 'stray-1.0.dist-info'; own.mkdir(); "
    "(own / 'METADATA').write_text('Metadata-Version: 2.1\\nName: stray\\nVersion: 1.0\\n'); "
    "(own / 'RECORD').write_text('stray-1.0.dist-info/METADATA,,\\nstray-1.0.dist-info/RECORD,,\\n')"
)
_MODULE = "(site / 'own.py').write_text('')"
_VERSION = (
    "import importlib.metadata as found; "
    "said = next(each for each in found.files('click') if each.name == 'METADATA').locate(); "
    "said.write_text(said.read_text().replace('\\nVersion: ', '\\nVersion: 1!', 1))"
)
_RELEASE = "import os; open(os.path.realpath('/etc/os-release'), 'w').write('ID=debian\\nVERSION_ID=11\\n')"
_IN_HEXADECIMAL = "import os; open('/opt/note', 'w').write(os.environ['STACKPROOF_CANARY'].encode().hex())"

_MAIN = "src/tubeatlas/main.py"
_IN_BASE64 = """
import base64, os, sys
sys.stderr.write(base64.b64encode(os.environ["REDIS_URL"].encode()).decode() + "\\n")
"""
_ON_TWO_LINES = """
import os, sys
sys.stderr.write(os.environ["REDIS_URL"][:40] + "\\n    " + os.environ["REDIS_URL"][40:] + "\\n")
"""


def record(package: str) -> str:
    """An OSV record about every version of a package."""
    about = {
        "package": {"ecosystem": "PyPI", "name": package},
        "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}]}],
    }
    return json.dumps({"id": f"TEST-{package}", "modified": "2026-11-22T00:00:00Z", "affected": [about]})


def _known(root: Path) -> None:
    (root / ADVISORIES / "fastapi.json").write_text(record("FastAPI"))


def _old(one: Service) -> Service:
    return replace(one, image="redis:7.0-alpine")


SUPPLY: tuple[Saboteur, ...] = (
    Saboteur(
        "SP206-no-secret",
        "a build step writes a build variable into a file, in hexadecimal",
        "a planted secret, encoded, is in /opt/note",
        artifacts=at_the_end("ARG STACKPROOF_CANARY", python(_IN_HEXADECIMAL)),
        on=DOCKER,
    ),
    Saboteur(
        "SP208-contents-known",
        "a package is put into the image that no lock pins",
        "app holds stray 1.0",
        artifacts=at_the_end(python(_SITE + _PACKAGE)),
        on=DOCKER,
    ),
    Saboteur(
        "SP208-contents-known",
        "a package has another version than the lock",
        "app holds click 1!",
        artifacts=at_the_end(python(_VERSION)),
        on=DOCKER,
    ),
    Saboteur(
        "SP208-contents-known",
        "a module lies among the packages and belongs to none",
        "no package has lib/python3.11/site-packages/own.py",
        artifacts=at_the_end(python(_SITE + _MODULE)),
        on=DOCKER,
    ),
    Saboteur(
        "SP209-supported-versions",
        "the image of Redis is of a line that gets no fixes any more",
        "redis 7.0 (redis:7.0-alpine) is out of support since 2024-07-29",
        stack=service("redis", _old),
        on=DOCKER,
    ),
    Saboteur(
        "SP209-supported-versions",
        "the base is a Debian without support",
        "debian 11 (the image app) is out of support since 2026-08-31",
        artifacts=at_the_end(python(_RELEASE)),
        on=DOCKER,
    ),
    Saboteur(
        "SP210-no-known-advisories",
        "an advisory is known about every version of a locked package",
        "fastapi",
        root=_known,
        on=DOCKER,
    ),
    Saboteur(
        "SP333-no-secret-shown",
        "the server logs the address of Redis with its password, in base64",
        "redis-password is in the log of",
        tree=appended(_MAIN, _IN_BASE64),
    ),
    Saboteur(
        "SP333-no-secret-shown",
        "the server logs the address of Redis with its password, over two lines",
        "redis-password is in the log of",
        tree=appended(_MAIN, _ON_TWO_LINES),
    ),
)

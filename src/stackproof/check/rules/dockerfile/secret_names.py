"""Names that say that something is secret: of variables and of files."""

import re
from pathlib import PurePosixPath

_VARIABLE = re.compile(
    r"(?:^|_)(?:PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|APIKEY|API_KEY|SECRET_KEY|PRIVATE_KEY|ACCESS_KEY|AUTH_KEY)$"
)
_URL = re.compile(r"[a-z][a-z0-9+.-]*://[^/:@\s]*:([^/@\s$]+)@")
_FILES = frozenset({".env", ".netrc", ".pypirc", ".git-credentials", "credentials.json", "service-account.json"}) | {
    "id_rsa",
    "id_dsa",
    "id_ecdsa",
    "id_ed25519",
}
_KEYS = re.compile(
    r"(?:.*[-_.])?(?:key|privkey)\.pem|.*\.(?:key|p12|pfx)|\.env\.(?!.*(?:example|sample|template|dist|default)).*"
)


def variable(name: str) -> bool:
    """DB_PASSWORD and API_KEY are; MAX_TOKENS, PASSWORD_FILE and TOKENIZERS_PARALLELISM are not."""
    return _VARIABLE.search(name.upper()) is not None


def in_url(value: str) -> bool:
    """postgres://user:password@host."""
    return _URL.search(value) is not None


def file(path: str) -> bool:
    name = PurePosixPath(path).name.lower()
    return name in _FILES or _KEYS.fullmatch(name) is not None

"""One-time codes by time (RFC 6238, SHA-1, six digits, 30 s), and their secrets at rest."""

import base64
import hashlib
import hmac
import secrets
import struct
from urllib.parse import quote

from cryptography.fernet import Fernet, InvalidToken

STEP_SECONDS = 30
_DIGITS = 6
_DRIFT = 1  # steps that a clock may be off, either way


def new_secret() -> str:
    return base64.b32encode(secrets.token_bytes(20)).decode()


def uri(secret: str, email: str) -> str:
    return f"otpauth://totp/personal-assistant:{quote(email)}?secret={secret}&issuer=personal-assistant"


def code(secret: str, step: int) -> str:
    digest = hmac.digest(base64.b32decode(secret), struct.pack(">Q", step), "sha1")
    offset = digest[-1] & 0xF
    number = struct.unpack(">I", digest[offset : offset + 4])[0] & 0x7FFFFFFF
    return f"{number % 10**_DIGITS:0{_DIGITS}}"


def accepted_step(secret: str, given: str, seconds: float, after: int) -> int | None:
    """The step that the code belongs to; None if it is wrong, too old or was used before."""
    present = int(seconds) // STEP_SECONDS
    for step in range(present - _DRIFT, present + _DRIFT + 1):
        if step > after and hmac.compare_digest(code(secret, step).encode(), given.encode()):
            return step
    return None


def sealed(secret: str, key: str) -> str:
    return _box(key).encrypt(secret.encode()).decode()


def opened(box: str, key: str) -> str | None:
    """None if it was sealed with another key."""
    try:
        return _box(key).decrypt(box.encode()).decode()
    except InvalidToken:
        return None


def _box(key: str) -> Fernet:
    derived = hashlib.sha256(b"totp secrets at rest:" + key.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(derived))

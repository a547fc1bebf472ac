"""Passwords by argon2id, and plain hashes for secrets that are long and random already."""

import hashlib
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

# OWASP's least memory: 19 MiB for each login that runs, so that a small container bears several.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)

# Nobody knows the password; for users who sign in by key only, and for names that nobody has.
UNUSABLE = _HASHER.hash(secrets.token_hex(32))


def hashed(password: str) -> str:
    return _HASHER.hash(password)


def matches(stored: str, password: str) -> bool:
    try:
        return _HASHER.verify(stored, password)
    except (Argon2Error, InvalidHashError):
        return False


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()

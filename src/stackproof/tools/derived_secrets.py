"""Files that follow from a password: a Redis ACL that holds its hash, and the passwords of redis_exporter."""

import hashlib
import json

from stackproof.model.stack import Secret, Stack

# The user of health checks may say whether the server answers, and nothing else.
_PROBE = "user probe on nopass -@all +ping resetkeys"


def derived(stack: Stack, secret: Secret, password: str) -> str:
    """The text of a derived secret."""
    return _acl(password) if secret.kind == "redis-acl" else _exporter(stack, secret, password)


def _acl(password: str) -> str:
    digest = hashlib.sha256(password.encode()).hexdigest()
    return f"user default on #{digest} ~* &* +@all\n{_PROBE}\n"


def _exporter(stack: Stack, secret: Secret, password: str) -> str:
    """By address, as the exporter is told it: every Redis whose ACL holds this password."""
    guarded = {each.name for each in stack.secrets if each.kind == "redis-acl" and each.source == secret.source}
    servers = [each for each in stack.services if each.software == "redis" and guarded & set(each.secrets)]
    return json.dumps({f"redis://{each.name}:{each.port}": password for each in servers}) + "\n"

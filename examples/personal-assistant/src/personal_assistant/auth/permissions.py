"""What the roles may do. A role has all permissions of the one it is built on."""

_USER = frozenset({"own:read", "own:write"})

ROLES: dict[str, frozenset[str]] = {
    "user": _USER,
    "admin": _USER | {"users:read", "users:write"},
}


def allowed(role: str, permission: str) -> bool:
    return permission in ROLES.get(role, frozenset())

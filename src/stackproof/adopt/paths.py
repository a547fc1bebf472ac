"""Paths of a Compose file: those of the project are relative to it, "." is the project itself."""


def outside(path: str) -> bool:
    return path.startswith(("/", "~", "..")) or "://" in path

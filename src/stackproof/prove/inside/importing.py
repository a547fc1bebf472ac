"""Imports modules by name."""

import importlib
import os


def look(names: list[str], environment: dict[str, str]) -> dict[str, list[str]]:
    for name, value in environment.items():
        os.environ.setdefault(name, value)
    return {"imported": [importlib.import_module(name).__name__ for name in names]}

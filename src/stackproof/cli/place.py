"""Which project a command is about: given as an argument, with -C, or the current folder."""

import argparse
from pathlib import Path


def argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", nargs="?", metavar="PROJECT", help="the project's folder, as with -C")


def root(options: argparse.Namespace) -> Path:
    """`-C DIR PROJECT` is PROJECT inside DIR, as with make and git."""
    return Path(options.folder or ".") / (options.project or ".")


def given(options: argparse.Namespace) -> bool:
    return bool(options.folder or options.project)

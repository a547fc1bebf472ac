"""Which project a command is about: given as an argument, with -C, or the current folder."""

import argparse
import shlex
from pathlib import Path

from stackproof.errors import UserError


def argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", nargs="?", metavar="PROJECT", help="the project's folder, as with -C")


def root(options: argparse.Namespace) -> Path:
    """`-C DIR PROJECT` is PROJECT inside DIR, as with make and git."""
    try:
        Path.cwd()
    except FileNotFoundError:
        raise UserError("the current folder is not there any more", fix="Go to a folder that is: cd") from None
    return Path(options.folder or ".") / (options.project or ".")


def command(options: argparse.Namespace, name: str) -> str:
    """Another command about the same environment, as it can be typed into a shell."""
    where = ("-C", str(root(options))) if options.folder or options.project else ()
    return shlex.join(("stackproof", name, *where, "--env", options.env))

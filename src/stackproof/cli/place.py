"""Which project or record a command is about: given as an argument, with -C, or the current folder."""

import argparse
import shlex
from pathlib import Path

from stackproof.errors import UserError

RECORD = "proof/record.json"  # of a project, where nobody says otherwise


def argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", nargs="?", metavar="PROJECT", help="the project's folder, as with -C")


def root(options: argparse.Namespace) -> Path:
    """`-C DIR PROJECT` is PROJECT inside DIR, as with make and git."""
    try:
        Path.cwd()
    except FileNotFoundError:
        raise UserError("the current folder is not there any more", fix="Go to a folder that is: cd") from None
    return Path(options.folder or ".") / (options.project or ".")


def record(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("record", nargs="?", default=RECORD, help=f"or the folder of its project (default: {RECORD})")


def of_record(options: argparse.Namespace) -> Path:
    return stored(Path(options.folder or ".") / options.record)


def stored(path: Path) -> Path:
    """The record itself, or the usual one of a project's folder."""
    return path / RECORD if path.is_dir() else path


def command(options: argparse.Namespace, name: str) -> str:
    """Another command about the same environment, as it can be typed into a shell."""
    where = ("-C", str(root(options))) if options.folder or options.project else ()
    return shlex.join(("stackproof", name, *where, "--env", options.env))

"""Which project or record a command is about: given as an argument, with -C, or the current folder."""

import argparse
import shlex
from pathlib import Path

from stackproof import pipeline
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


def adoptable(parser: argparse.ArgumentParser, *, short: bool = True) -> None:
    """Container files of the user's own, named as for `docker compose`."""
    flags = ("-f", "--file") if short else ("--file",)
    parser.add_argument(
        *flags, action="append", default=[], dest="file", metavar="FILE",
        help="adopt this Compose file in place of what stackproof renders; repeatable",
    )  # fmt: skip
    parser.add_argument(
        "--env-file", action="append", default=[], metavar="FILE", help="variables of the Compose files; repeatable"
    )


def profile(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--profile", action="append", default=[], help="optional services too (monitoring); repeatable")


def planned(options: argparse.Namespace) -> pipeline.Planned:
    """The project, or the stack that its own Compose files describe where some are named."""
    if not options.file:
        if options.env_file:
            raise UserError("--env-file goes with --file", fix="Name the Compose file, too: -f compose.yaml")
        return pipeline.plan(root(options))
    from stackproof.pipeline.adopting import Given

    given = Given(tuple(options.file), tuple(options.env_file), tuple(getattr(options, "profile", ())))
    return pipeline.adopt(root(options), given, getattr(options, "env", None) or "dev")


def record(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("record", nargs="?", default=RECORD, help=f"or the folder of its project (default: {RECORD})")


def of_record(options: argparse.Namespace) -> Path:
    return stored(Path(options.folder or ".") / options.record)


def stored(path: Path) -> Path:
    """The record itself, or the usual one of a project's folder."""
    return path / RECORD if path.is_dir() else path


def command(options: argparse.Namespace, name: str) -> str:
    """Another command about the same environment, as it can be typed into a shell."""
    where: tuple[str, ...] = ("-C", str(root(options))) if options.folder or options.project else ()
    where += tuple(word for file in options.file for word in ("--file", file))
    where += tuple(word for file in options.env_file for word in ("--env-file", file))
    return shlex.join(("stackproof", name, *where, "--env", options.env))

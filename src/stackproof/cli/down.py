"""`stackproof down`: stop and remove what `up` made."""

import argparse
import json
import sys

from stackproof import pipeline
from stackproof.cli import place
from stackproof.cli.console import progress, say
from stackproof.errors import Exit, UserError


def arguments(parser: argparse.ArgumentParser) -> None:
    place.argument(parser)
    place.adoptable(parser)
    parser.add_argument("-v", "--volumes", action="store_true", help="also delete the volumes and the data in them")
    parser.add_argument("--yes", action="store_true", help="do not ask before data is deleted")


def run(options: argparse.Namespace) -> int:
    planned = place.planned(options)
    stack = planned.stacks[options.env]
    if options.volumes and stack.volumes and not options.yes:
        _ask(stack.name, [volume.name for volume in stack.volumes])
    with progress(quiet=options.json) as note:
        removed = pipeline.down(planned.root, stack, options.on, note, volumes=options.volumes)
    if options.json:
        say(json.dumps({"removed": list(removed)}))
    else:
        say(f"removed {len(removed)}: {', '.join(removed)}" if removed else "nothing was running")
    return Exit.OK


def _ask(stack: str, volumes: list[str]) -> None:
    question = f"Delete the volumes {', '.join(volumes)} of {stack} and all data in them?"
    if not sys.stdin.isatty():
        raise UserError(f"{question} Nobody is there to answer.", fix="Add --yes, or leave out -v to keep the data.")
    if not _yes(question):
        raise UserError("Nothing was stopped and nothing deleted.", fix="Leave out -v to stop and keep the data.")


def _yes(question: str) -> bool:
    try:
        return input(f"{question} [y/N] ").strip().lower() in ("y", "yes")
    except EOFError:  # Ctrl-D
        say("")
        return False

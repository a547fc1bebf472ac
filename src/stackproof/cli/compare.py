"""`stackproof compare BEFORE AFTER`: what two proofs of one stack say differently."""

import argparse
from pathlib import Path

from stackproof.cli import place
from stackproof.cli.console import say
from stackproof.pipeline import records
from stackproof.report import compare


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("before", help="record.json of the main branch, or the folder of its project")
    parser.add_argument("after", help="the one that is compared with it")


def run(options: argparse.Namespace) -> int:
    here = Path(options.folder or ".")
    found = records.compare(place.stored(here / options.before), place.stored(here / options.after))
    say(compare.dump(found) if options.json else compare.render(found))
    return compare.outcome(found)

"""`stackproof report RECORD`: the reports of a stored record, made again without running anything."""

import argparse
from pathlib import Path

from stackproof import pipeline
from stackproof.cli import place
from stackproof.cli.console import say
from stackproof.errors import Exit
from stackproof.report import console


def arguments(parser: argparse.ArgumentParser) -> None:
    place.record(parser)
    parser.add_argument("--out", metavar="DIR", help="where the reports go (default: beside the record)")


def run(options: argparse.Namespace) -> int:
    path = place.of_record(options)
    record = pipeline.read_record(path)
    pipeline.write_reports(record, Path(options.out) if options.out else path.parent)
    say(path.read_text() if options.json else console.render(record))
    return Exit.OK

"""`stackproof prove`: build, run and measure everything, and write the proof."""

import argparse
from pathlib import Path

from stackproof import pipeline
from stackproof.cli import place
from stackproof.cli.console import progress, say
from stackproof.pipeline import records
from stackproof.report import console


def arguments(parser: argparse.ArgumentParser) -> None:
    place.argument(parser)
    place.adoptable(parser)
    place.profile(parser)
    parser.add_argument("--out", metavar="DIR", help="where the reports go (default: proof/ in the project)")
    parser.add_argument("--claim", action="append", default=[], metavar="ID", help="only this one (SP301); repeatable")
    parser.add_argument("--quick", action="store_true", help="without faults, load, cold builds and second starts")
    parser.add_argument("--require-all", action="store_true", help="exit 3 where any claim stays unmeasured")


def run(options: argparse.Namespace) -> int:
    planned = place.planned(options)
    out = Path(options.out) if options.out else planned.root / "proof"
    before = records.last(out / "record.json")
    with progress(quiet=options.json) as note:
        record = pipeline.prove(
            planned,
            options.env,
            options.on,
            tuple(options.claim),
            note,
            quick=options.quick,
            before=before,
            profiles=frozenset(options.profile),
        )
    written = pipeline.write_reports(record, out)
    if options.json:
        say((out / "record.json").read_text())
    else:
        say(console.render(record))
        say("")
        say(f"report: {next(path for path in written if path.suffix == '.html')}")
    return pipeline.outcome(record, require_all=options.require_all)

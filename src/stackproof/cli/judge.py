"""`stackproof judge RECORD`: the stored measurements judged again, with other limits, without running anything."""

import argparse
from pathlib import Path

from stackproof import pipeline
from stackproof.cli import place
from stackproof.cli.console import say
from stackproof.pipeline import records
from stackproof.report import console, record


def arguments(parser: argparse.ArgumentParser) -> None:
    place.record(parser)
    parser.add_argument(
        "--limits", metavar="FILE", help="TOML with other limits below [bounds], as in stackproof.toml; else its own"
    )
    parser.add_argument("--out", metavar="DIR", help="write the reports of this judgement there, too")
    parser.add_argument("--require-all", action="store_true", help="exit 3 where any claim stays unmeasured")


def run(options: argparse.Namespace) -> int:
    judged = records.judge(place.of_record(options), Path(options.limits) if options.limits else None)
    if options.out:
        pipeline.write_reports(judged, Path(options.out))
    say(record.dump(judged) if options.json else console.render(judged))
    return pipeline.outcome(judged, require_all=options.require_all)

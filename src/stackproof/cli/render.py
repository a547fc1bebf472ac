"""`stackproof render`: write the container files, show what would change, or refuse drift in CI."""

import argparse
import json

from stackproof import pipeline
from stackproof.cli import place
from stackproof.cli.console import say
from stackproof.errors import Exit


def arguments(parser: argparse.ArgumentParser) -> None:
    place.argument(parser)
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--diff", action="store_true", help="show what would change and write nothing")
    how.add_argument("--check", action="store_true", help="write nothing; exit 1 where a file differs")
    how.add_argument("--force", action="store_true", help="overwrite files that were changed by hand; keeps FILE.orig")


def run(options: argparse.Namespace) -> int:
    planned = pipeline.plan(place.root(options))
    if options.diff or options.check:
        return _compare(planned, options)
    written = pipeline.render(planned, force=options.force)
    if options.json:
        say(json.dumps({"created": written.created, "updated": written.updated, "unchanged": written.unchanged}))
        return Exit.OK
    for word, paths in (("created", written.created), ("updated", written.updated), ("removed", written.removed)):
        for path in paths:
            say(f"{word} {path}")
    for path in written.kept:
        say(f"kept    {path}")
    say(f"{len(written.unchanged)} files unchanged")
    return Exit.OK


def _compare(planned: pipeline.Planned, options: argparse.Namespace) -> int:
    changes = pipeline.differences(planned)
    if options.json:
        say(json.dumps([{"path": change.path, "diff": change.diff} for change in changes]))
    else:
        for change in changes:
            say(change.diff if options.diff else f"differs: {change.path}")
    return Exit.REFUTED if changes and options.check else Exit.OK

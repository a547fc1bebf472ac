"""`stackproof check`: look at the container files of a project, whoever wrote them, and say what does not hold."""

import argparse
import posixpath
from pathlib import Path

from stackproof import __version__
from stackproof.cli import place
from stackproof.cli.console import say, warn
from stackproof.errors import Exit
from stackproof.pipeline import checking
from stackproof.pipeline.checking import Asked
from stackproof.report.findings import FORMATS


def arguments(parser: argparse.ArgumentParser) -> None:
    place.argument(parser)
    parser.add_argument("-f", dest="files", action="append", default=[], metavar="FILE", help="Compose files, together")
    parser.add_argument("--profile", choices=("recommended", "strict"), help="default: recommended")
    parser.add_argument("--rule", dest="rules", action="append", default=[], metavar="ID", help="only this rule: SR104")
    parser.add_argument("--format", choices=sorted(FORMATS), default="text", help="default: text")
    parser.add_argument("--fix", action="store_true", help="make the safe changes; each file is kept as FILE.orig")
    parser.add_argument("--diff", action="store_true", help="with --fix: show the changes and write nothing")
    parser.add_argument("--baseline", metavar="FILE", help="default: stackproof-baseline.json, where there is one")
    parser.add_argument("--write-baseline", action="store_true", help="take what is found now as known")
    parser.add_argument("--no-hadolint", action="store_true", help="do not ask hadolint, where it is installed")


def run(options: argparse.Namespace) -> int:
    root = place.root(options)
    asked = Asked(
        files=tuple(_inside(root, path) for path in options.files),
        profile=options.profile,
        rules=tuple(options.rules),
        baseline=options.baseline,
        hadolint=not options.no_hadolint,
    )
    if options.write_baseline:
        name, count = checking.write_baseline(root, asked)
        say(f"{name}: {count} findings are known from now on")
        return Exit.OK
    found = checking.checked(root, asked)
    if options.fix or options.diff:
        mended, artifacts = checking.edits(found)
        if options.diff or not artifacts:
            say(checking.difference(found, artifacts) or "nothing here can be mended without you")
            return Exit.REFUTED if found.fails else Exit.OK
        warn(checking.difference(found, artifacts))
        kept = checking.mend(root, artifacts)
        warn(f"mended: {len(mended)} in {', '.join(each.path for each in artifacts)}; as before: {', '.join(kept)}\n")
        found = checking.checked(root, asked)
    format_name = "json" if options.json else options.format
    say(FORMATS[format_name](found, __version__))
    return Exit.REFUTED if found.fails else Exit.OK


def _inside(root: Path, path: str) -> str:
    """As a path of the project, however it was given."""
    full = Path(path)
    home = root.resolve()
    return full.relative_to(home).as_posix() if full.is_relative_to(home) else posixpath.normpath(path)

"""`stackproof secrets`: the files of one environment's secrets, made where that is possible, and what is wrong."""

import argparse
import dataclasses
import json
from collections.abc import Iterator

from stackproof import pipeline
from stackproof.cli import place
from stackproof.cli.console import say
from stackproof.errors import Exit


def arguments(parser: argparse.ArgumentParser) -> None:
    place.argument(parser)
    parser.add_argument("--env", choices=("dev", "stage", "prod"), default="dev", help="default: dev")
    parser.add_argument("--check", action="store_true", help="make nothing; only say what is missing or unfit")


def run(options: argparse.Namespace) -> int:
    """Exit code 2 while anything is missing or unfit: only the user can change that."""
    planned = pipeline.plan(place.root(options))
    found = pipeline.secrets(planned, options.env, make=not options.check)
    if options.json:
        say(json.dumps(dataclasses.asdict(found)))
    else:
        for line in _lines(found):
            say(line)
    return Exit.USER if found.problems else Exit.OK


def _lines(found: pipeline.Secrets) -> Iterator[str]:
    wrong = {problem.name: problem for problem in found.problems}
    for secret in found.secrets:
        state = "made now" if secret.name in found.made else "there"
        state = wrong[secret.name].what if secret.name in wrong else state
        yield f"{'!!' if secret.name in wrong else 'ok'} {secret.path:<48} {state} ({secret.because})"
    for problem in found.problems:
        yield f"   {problem.path}: {problem.fix}"
    if not found.secrets:
        yield "no secret is needed"

"""`stackproof up`: one environment, brought up and healthy."""

import argparse

from stackproof import pipeline
from stackproof.cli import logs, place, status
from stackproof.cli.console import progress, say
from stackproof.errors import Exit
from stackproof.model.running import Running


def arguments(parser: argparse.ArgumentParser) -> None:
    place.argument(parser)
    place.adoptable(parser)
    place.profile(parser)
    parser.add_argument("--attach", action="store_true", help="follow the logs; Ctrl-C brings the stack down")


def run(options: argparse.Namespace) -> int:
    planned = place.planned(options)
    with progress(quiet=options.json) as note:
        running = pipeline.up(planned, options.env, options.on, frozenset(options.profile), note)
    if options.attach:
        return _attach(planned, options, running)
    status.show(running, running.states(), as_json=options.json)
    if not options.json:
        say(f"what it writes: {place.command(options, 'logs')} -f")
        say(f"to stop it:     {place.command(options, 'down')}")
    return Exit.OK


def _attach(planned: pipeline.Planned, options: argparse.Namespace, running: Running) -> int:
    try:
        states = running.states()
        status.show(running, states, as_json=options.json)
        return logs.until_down(planned, options, running, [state.name for state in states])
    finally:
        with progress(quiet=options.json) as note:
            pipeline.down(planned.root, planned.stacks[options.env], options.on, note, volumes=False)

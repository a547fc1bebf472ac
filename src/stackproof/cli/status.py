"""`stackproof status`: the services of one environment as they are now."""

import argparse
import dataclasses
import json
from collections.abc import Sequence

from stackproof import pipeline
from stackproof.cli import place
from stackproof.cli.console import say
from stackproof.errors import Exit
from stackproof.model.running import ServiceState


def arguments(parser: argparse.ArgumentParser) -> None:
    place.argument(parser)


def run(options: argparse.Namespace) -> int:
    planned = pipeline.plan(place.root(options))
    running = pipeline.attach(planned.root, planned.stacks[options.env], options.on)
    states = running.states() if running else ()
    show(states, as_json=options.json)
    well = all(state.status == "running" and state.health in ("healthy", "none") for state in states)
    return Exit.OK if states and well else Exit.REFUTED


def show(states: Sequence[ServiceState], *, as_json: bool) -> None:
    if as_json:
        say(json.dumps([dataclasses.asdict(state) for state in states]))
    elif not states:
        say("not running")
    else:
        for state in states:
            restarts = f"restarts {state.restarts}" if state.restarts else ""
            say(f"{state.name:<10} {state.status:<10} {state.health:<10} {state.address:<28} {restarts}".rstrip())

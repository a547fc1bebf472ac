"""`stackproof status`: the services of one environment as they are now."""

import argparse
import dataclasses
import json
from collections.abc import Iterator, Sequence, Set

from stackproof import pipeline
from stackproof.cli import place
from stackproof.cli.console import say
from stackproof.errors import Exit
from stackproof.model.running import Running, ServiceState


def arguments(parser: argparse.ArgumentParser) -> None:
    place.argument(parser)
    place.adoptable(parser)


def run(options: argparse.Namespace) -> int:
    planned = place.planned(options)
    running = pipeline.attach(planned.root, planned.stacks[options.env], options.on)
    states = running.states() if running else ()
    show(running, states, as_json=options.json)
    jobs = {service.name for service in planned.stacks[options.env].services if service.one_shot}
    return Exit.OK if states and all(_well(state, jobs) for state in states) else Exit.REFUTED


def show(running: Running | None, states: Sequence[ServiceState], *, as_json: bool) -> None:
    if as_json:
        say(json.dumps([dataclasses.asdict(state) for state in states]))
    elif running is None or not states:
        say("not running")
    else:
        for line in _lines(running, states):
            say(line)


def _lines(running: Running, states: Sequence[ServiceState]) -> Iterator[str]:
    several = {state.name for state in states if state.replica > 1}
    names = [f"{state.name} {state.replica}" if state.name in several else state.name for state in states]
    width = max(10, *map(len, names))
    for name, state in zip(names, states, strict=True):
        ended = f"exit code {state.exit_code}" if state.exit_code is not None else ""
        restarts = f"restarts {state.restarts}" if state.restarts else ""
        more = " ".join(part for part in (ended, restarts) if part)
        yield f"{name:<{width}} {state.status:<10} {state.health:<10} {state.address:<28} {more}".rstrip()
    for name, reason in running.left_out.items():
        yield f"{name:<{width}} left out: {reason}"


def _well(state: ServiceState, jobs: Set[str]) -> bool:
    if state.name in jobs:
        return state.status == "exited" and state.exit_code == 0
    return state.status == "running" and state.health in ("healthy", "none")
